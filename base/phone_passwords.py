"""What the password of a phone may be, and which ones are easily guessed."""

import re

from sentences.sentence import Sentence

PASSWORD = re.compile(r"[A-Za-z0-9._~!@^&*+/-]{6,128}")
"""The password of a phone: no character that means something in Asterisk's configuration files."""

PASSWORD_RULE = Sentence("6 to 128 letters, digits or . _ ~ ! @ ^ & * + / -")


# Which passwords of phones are easily guessed.


SHORTEST = 10
"""Characters."""

_STEMS = (
    "1q2w3e4r",
    "12319",
    "abc",
    "admin",
    "agent",
    "asterisk",
    "changeme",
    "default",
    "guest",
    "hello",
    "hotline",
    "letmein",
    "mima",
    "password",
    "passwd",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "phone",
    "qazwsx",
    "qwerty",
    "root",
    "secret",
    "sip",
    "test",
    "user",
    "voip",
    "welcome",
    "woaini",
    "wutong",
    "zxcvbn",
)
"""With digits and punctuation around them these lead every list of guessed passwords."""


def weakness(password: str, agent_id: str) -> Sentence | None:
    """Why somebody who guesses would soon have it, in a few words; None: nobody would."""
    plain = password.lower()
    if len(password) < SHORTEST:
        return Sentence("it has fewer than {count} characters", count=SHORTEST)
    if password.isdigit():
        return Sentence("it has only digits")
    if len(set(plain)) < 5:
        return Sentence("it repeats a few characters")
    if agent_id and not _letters(plain.replace(agent_id, "")):
        return Sentence("it is the agent's id with little added")
    letters = _letters(plain)
    for stem in _STEMS:
        left = plain.replace(agent_id, "").replace(stem, "")
        if (stem in plain and len(_letters(left)) < 3) or letters == _letters(stem):
            return Sentence("it is a well-known one with little added")
    return None


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())
