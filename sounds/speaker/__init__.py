"""The program that speaks, in its own environment: it needs numpy, onnxruntime and pypinyin.

It imports nothing of Wutong that needs other packages. `sounds.voice` starts it and talks with it.
"""
