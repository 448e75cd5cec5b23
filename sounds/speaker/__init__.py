"""The program that speaks, in an environment of its own: it needs numpy, onnxruntime and pypinyin.

It imports nothing of Wutong's other packages. `sounds.natural` starts it and talks with it.
"""
