"""What could not be done, as a person reads it."""

import re
from collections.abc import Mapping

from sentences.sentence import Sentence


class _Told(Exception):
    """`NotDone("There is no {file}", file=file)`: its message is the sentence of that template and these parts. Without
    parts it is raised with a sentence.
    """

    def __init__(self, words: str, /, **parts: object) -> None:
        super().__init__(Sentence(words, **parts) if parts else words)


class NotDone(_Told):
    """The message says why, and what to do. The command line prints it and ends with status 1."""


class NotPossible(_Told):
    """It is not possible now: a sentence that says why, and what is. HTTP answers 409."""


# Sentences without where files are on this machine. Pure.


_PATH = re.compile(r"(?<![\w.:/-])/[\w.+@-]+(?:/[\w.+@-]+)+/?")
"""A file's absolute path with two parts at least: `/etc/hosts`, not the `/readyz` of a route, not a URL."""

_PUBLIC = frozenset({"/etc/hosts"})
"""Everybody knows where these are."""


def without_paths(sentence: str, folders: Mapping[str, str]) -> str:
    """The sentence without where files are on this machine: who sees it may not know that. `folders`: what is said for
    each of these instead; of any other path only the last part is left.
    """
    named = sorted(folders.items(), key=lambda pair: -len(pair[0]))

    def hidden(found: re.Match[str]) -> str:
        path = found.group()
        if path.rstrip(".") in _PUBLIC:
            return path
        for folder, name in named:
            if path.rstrip("/.") == folder or path.startswith(f"{folder}/"):
                return name + path[len(folder) :]
        return f"…/{path.rstrip('/').rpartition('/')[2]}"

    return _PATH.sub(hidden, sentence)
