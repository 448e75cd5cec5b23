"""The program that listens, in an environment of its own: it needs faster-whisper, pypinyin and the model Whisper base.

It imports nothing of Wutong's other packages. `sounds.hearing` starts it and talks with it.
"""
