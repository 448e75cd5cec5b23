"""The program that listens, in its own environment: it needs faster-whisper, pypinyin and the model Whisper base.

It imports none of Wutong's other packages. `sounds.hearing` starts it and talks with it.
"""
