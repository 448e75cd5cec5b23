"""What the password of a phone may be."""

import re

PASSWORD = re.compile(r"[A-Za-z0-9._~!@^&*+/-]{6,128}")
"""The password of a phone: no character that means something in Asterisk's configuration files."""

PASSWORD_RULE = "6 to 128 letters, digits or . _ ~ ! @ ^ & * + / -"  # noqa: S105 - for people, no secret
