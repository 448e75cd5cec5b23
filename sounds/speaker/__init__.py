"""The program that speaks, in its own environment: it needs numpy, onnxruntime and pypinyin.

It imports none of Wutong's other packages. `sounds.natural` starts it and talks with it.
"""
