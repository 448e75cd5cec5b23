"""A sentence for people: a template and what stands in it. It is English text until it is put into a language. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Any


class Sentence(str):
    """`Sentence("there is no menu {name}", name="water")` is the text "there is no menu water", and knows its parts.

    The template is as `str.format` takes it, and the key of the sentence in the catalogues. A part may be a sentence
    itself. What is made of a sentence by `+`, an f-string or a method of `str` is plain text: it stays English.
    """

    template: str
    fields: Mapping[str, Any]

    def __new__(cls, template: str, /, **fields: object) -> "Sentence":
        self = super().__new__(cls, template.format(**fields))
        self.template, self.fields = template, fields
        return self

    def __str__(self) -> str:
        """Itself: so `str(error)` is the sentence that the error was raised with."""
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.template,), dict(self.fields)

    @property
    def code(self) -> str:
        """A name for programs: the words of the template before its first `;`, `:`, `,` or `.`, without its parts, as
        `there-is-no-such-call`; where it begins with a sentence, that one's.
        """
        begin = re.split(r"[;:,.] |[;:,.]$", re.sub(r"{[^}]*}", "", self.template))[0]
        code = "-".join(re.findall(r"[a-z0-9]+", begin.lower().replace("'", "")))
        return code or next((part.code for part in self.fields.values() if isinstance(part, Sentence)), "")

    def put(self, lines: Mapping[str, str]) -> str:
        """The text by the `lines` of a catalogue, template → template. A sentence that has none stays English."""
        line = lines.get(self.template)
        if line is None:
            return self
        fields = {name: part.put(lines) if isinstance(part, Sentence) else part for name, part in self.fields.items()}
        return line.format(**fields)


def changed(words: str, change: Callable[[str], str]) -> str:
    """The words after a change; of a sentence each text and path that stands in it is changed."""
    if not isinstance(words, Sentence):
        return change(words)
    fields = {
        name: changed(str(part), change) if isinstance(part, str | PurePath) else part
        for name, part in words.fields.items()
    }
    return Sentence(words.template, **fields)


def listed(names: Iterable[str]) -> str:
    """`a, b, c`"""
    said = ""
    for name in names:
        said = Sentence("{names}, {name}", names=said, name=name) if said else name
    return said


def template(words: str) -> str:
    """Says of words that they are the template of a sentence that is made elsewhere."""
    return words


def joined(sentences: Iterable[str], both: str = template("{sentences}; {sentence}")) -> str:
    """`a; b; c`"""
    whole = ""
    for each in sentences:
        whole = Sentence(both, sentences=whole, sentence=each) if whole else each
    return whole


def lines(sentences: Iterable[str]) -> str:
    """Each in a line of its own."""
    return joined(sentences, template("{sentences}\n{sentence}"))
