"""The program that listens, in its own environment: it needs faster-whisper, pypinyin and the model Whisper base.

It imports nothing of Wutong that needs other packages. `sounds.hearing` starts it and talks with it.
"""
