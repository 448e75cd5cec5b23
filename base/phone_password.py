"""What the password of a phone may be."""

import re

from sentences.sentence import Sentence

PASSWORD = re.compile(r"[A-Za-z0-9._~!@^&*+/-]{6,128}")
"""The password of a phone: no character that means something in Asterisk's configuration files."""

PASSWORD_RULE = Sentence("6 to 128 letters, digits or . _ ~ ! @ ^ & * + / -")
