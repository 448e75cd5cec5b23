"""Sentences of pydantic, ruamel and the system, which give finished prose: each is recognised by its template. Pure."""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

from sentences.sentence import Sentence, template

TEMPLATES = (
    template("mapping values are not allowed here"),
    template("mapping keys are not allowed here"),
    template("sequence entries are not allowed here"),
    template("block sequence entries are not allowed in this context"),
    template("special characters are not allowed"),
    template("could not find expected ':'"),
    template("expected <block end>, but found {token}"),
    template("expected ',' or '}}', but got {token}"),
    template("expected ',' or ']', but got {token}"),
    template("expected the node content, but found {token}"),
    template("found unexpected end of stream"),
    template("found unexpected document separator"),
    template("found unexpected ':'"),
    template("found character {character} that cannot start any token"),
    template("found unknown escape character {character}"),
    template("found undefined alias {name}"),
    template("found duplicate YAML directive"),
    template("found incompatible YAML document (version 1.1 or 1.2 is required)"),
    template("expected {what}, but found {token}"),
    template("expected {what} but found {token}"),
    template("'<document start>'"),
    template("a comment or a line break"),
    template("a digit or '.'"),
    template("a digit"),
    template("alphabetic or numeric character"),
    template("chomping or indentation indicators"),
    template("indentation indicator in the range 1-9"),
    template("escape sequence of {count} hexdecimal numbers"),
    template("URI escape sequence of 2 hexdecimal numbers"),
    template("duplicate tag handle {name}"),
    template("found undefined tag handle {name}"),
    template("found incompatible YAML document (version 1.* is required)"),
    template("found non-comment content after document end marker, {token}"),
    template("more indented follow up line than first in a block scalar"),
    template("found duplicate anchor {name}"),
    template("expected a single document in the stream"),
    template("Permission denied"),
    template("it cannot be read"),
    template("it is a link out of the folder"),
    template("it is no file"),
    template("Tuple should have at most {count} items after validation, not {given}"),
)

_OTHERS = "{words}"

_SHAPES = {"count": "[0-9,]+"}
"""What parts of these names look like; the others are any words."""


def recognised(words: str) -> Sentence:
    """A library's words as the sentence that they are, its parts too. Words that no template fits stay as they are in
    every language.
    """
    for pattern, fitting in _patterns():
        if (match := pattern.fullmatch(words)) is not None:
            parts = {name: recognised(part) if part != words else part for name, part in match.groupdict().items()}
            return Sentence(fitting, **parts)
    return Sentence(_OTHERS, words=words)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The templates with most words of their own first."""
    weighed = sorted(TEMPLATES, key=lambda each: -sum(len(words) for words, *_ in Formatter().parse(each)))
    return tuple((re.compile("".join(_pattern(each)), re.DOTALL), each) for each in weighed)


def _pattern(each: str) -> Iterator[str]:
    for words, name, *_ in Formatter().parse(each):
        yield re.escape(words)
        if name is not None:
            yield f"(?P<{name}>{_SHAPES.get(name, '.+?')})"
