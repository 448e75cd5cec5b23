"""Sentences in other languages: a file `LANGUAGE.po` beside this module for each, English template → template; and
which language people want here.

The catalogues are part of the program, as its code is, so a pure module may read them. The environment is an argument.

A new sentence needs its line there: `python -m tools.sentences` adds those that are missing, and takes out what nobody
says any more.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sentences.sentence import Sentence

FOLDER = Path(__file__).parent

LANGUAGES = ("en", *sorted(file.stem for file in FOLDER.glob("*.po")))


def said(words: str, language: str) -> str:
    """A sentence in one of `LANGUAGES`. Plain text stays as it is."""
    return words.put(_lines(language)) if isinstance(words, Sentence) and language != "en" else words


def worded(template: str, language: str, /, **fields: object) -> str:
    """The sentence of this template and these fields, in one of `LANGUAGES`."""
    return said(Sentence(template, **fields), language)


_ENTRY = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)
"""A sentence and its line, as `tools.sentences` writes them."""


@cache
def _lines(language: str) -> Mapping[str, str]:
    """Babel reads the file too, and takes ten times as long: each command in Chinese would wait for it."""
    text = (FOLDER / f"{language}.po").read_text(encoding="utf-8")
    return {_joined(words): line for words, put in _ENTRY.findall(text) if (line := _joined(put))}


def _joined(quoted: str) -> str:
    """The text of quoted parts, a line each. Their escapes are those of JSON."""
    return "".join(map(json.loads, quoted.splitlines()))


# The language of the terminal, or of whoever started this program.


def language_here(variables: Mapping[str, str] = os.environ) -> str:
    """`zh` where the terminal's language is Chinese, else `en`."""
    spoken = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := variables.get(name))), "")
    return "zh" if spoken.startswith("zh") else "en"


def here(words: str) -> str:
    """A sentence in that language."""
    return said(words, language_here())
