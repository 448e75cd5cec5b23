"""Sentences of pydantic, ruamel, Typer and the system. Such prose is recognised by its template. Pure."""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

from sentences.sentence import Sentence, listed, template

TEMPLATES = (
    template("Field required"),
    template("Extra inputs are not permitted"),
    template("Input should be a valid string"),
    template("Input should be a valid integer"),
    template("Input should be a valid number"),
    template("Input should be a valid boolean"),
    template("Input should be a valid dictionary"),
    template("Input should be a valid list"),
    template("Input should be a valid dictionary or object to extract fields from"),
    template("Input should be a valid integer, unable to parse string as an integer"),
    template("Input should be a valid number, unable to parse string as a number"),
    template("Input should be {names}"),
    template("Input should be a valid date or datetime, {why}"),
    template("Input should be a valid datetime or date, {why}"),
    template("input is too short"),
    template("month value is outside expected range of 1-12"),
    template("day value is outside expected range"),
    template("unexpected extra characters at the end of the input"),
    template("Input should be less than or equal to {most}"),
    template("Input should be greater than or equal to {least}"),
    template("Input should be less than {most}"),
    template("Input should be greater than {least}"),
    template("String should match pattern {pattern}"),
    template("String should have at most {count} characters"),
    template("String should have at least {count} characters"),
    template("String should have at most {count} character"),
    template("String should have at least {count} character"),
    template("{kind} should have at most {count} items after validation, not {given}"),
    template("{kind} should have at least {count} item after validation, not {given}"),
    template("{kind} should have at least {count} items after validation, not {given}"),
    template("JSON decode error"),
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
    template("No such file or directory"),
    template("No space left on device"),
    template("Read-only file system"),
    template("Is a directory"),
    template("Not a directory"),
    template("File name too long"),
    template("Operation not permitted"),
    template("File exists"),
    template("Directory not empty"),
    template("Disk quota exceeded"),
    template("Input/output error"),
    template("Cannot allocate memory"),
    template("Too many open files"),
    template("Connection refused"),
    template("Connection reset by peer"),
    template("Connection timed out"),
    template("Broken pipe"),
    template("Address already in use"),
    template("Network is unreachable"),
    template("No route to host"),
    template("Name or service not known"),
    template("Temporary failure in name resolution"),
    template("timed out"),
    template("[Errno {count}] {why}"),
    template("[Errno {count}] {why}: {file}"),
    template("it cannot be read"),
    template("it is a link out of the folder"),
    template("it is not a file"),
    template("Tuple should have at most {count} items after validation, not {given}"),
    template("{why} (at line {line}, column {count})"),
    template("{why} (at end of document)"),
    template("Expected '=' after a key in a key/value pair"),
    template("Expected newline or end of document after a statement"),
    template("Invalid statement"),
    template("Invalid value"),
    template("Unclosed array"),
    template("Cannot overwrite a value"),
    template("Illegal character {character}"),
    template("Authentication failed"),
    template("database is locked"),
    template("database disk image is malformed"),
    template("database or disk is full"),
    template("disk I/O error"),
    template("file is not a database"),
    template("unable to open database file"),
    template("attempt to write a readonly database"),
    template("no such table: {name}"),
    template("No such option: {name}"),
    template("No such option: {name} (Possible options: {names})"),
    template("No such command {name}."),
    template("No such command {name}. Did you mean {names}?"),
    template("Missing command."),
    template("Missing argument {name}."),
    template("Missing option {name}."),
    template("Option {name} requires an argument."),
    template("Option {name} does not take a value."),
    template("Got unexpected extra argument(s) ({given})"),
    template("Invalid value for {name}: {why}"),
    template("{given} is not one of {names}."),
    template("Value error, {why}"),
    template("Show this message and exit."),
    template("required"),
    template("default: {given}"),
)

_OTHERS = "{words}"

_SHAPES = {"count": "[0-9,]+"}
"""What parts of these names look like; the others are any words."""


def recognised(given: object) -> Sentence:
    """A library's words, or an error's, as the sentence that they are, its parts too. Words that no template fits stay
    as they are in every language; so does a sentence.
    """
    words = str(given)
    if isinstance(words, Sentence):
        return words
    for pattern, fitting in _patterns():
        if (match := pattern.fullmatch(words)) is not None:
            parts = {name: _part(name, part) for name, part in match.groupdict().items()}
            return Sentence(fitting, **parts)
    return Sentence(_OTHERS, words=words)


def _part(name: str, words: str) -> str:
    if name != "names":
        return recognised(words)
    names, _, last = words.rpartition(" or ")
    return Sentence("{names} or {name}", names=listed(names.split(", ")), name=last) if names else words


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
