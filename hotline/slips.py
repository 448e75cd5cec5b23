"""Typing mistakes that a YAML parser does not explain, or explains wrongly. Pure."""

import re
from collections.abc import Iterator, Sequence

from sentences.sentence import Sentence

_WIDE_COLON = re.compile(r"^\s*(?:- )?[{\"']?[\w*#-]+[\"']?：|[{,]\s*[\w-]+：")
_WIDE_COMMA = re.compile(r"，\s*[\"']?[\w*#-]+[\"']?:\s")
_WIDE_QUOTE = re.compile(r"(?:[:,{\[]\s*|^\s*)[“”‘’]")
_COMMENTED = re.compile(r"^\s*(#):\s*[{\[\"'\w]")


_STAR = re.compile(r"^\s*(\*[0-9*#]*)\s*:")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")


def located(said: str, lines: Sequence[str], line: int, column: int) -> tuple[int, int, Sentence]:
    """Where the mistake is behind a parser's complaint `said` at a spot, from 1, and what to do. It may be in an
    earlier line: a parser complains where it cannot go on.
    """
    before = next((number for number in range(line - 1, 0, -1) if _content(lines[number - 1])), 0)
    for number in dict.fromkeys((line - 1, before, line)):
        if 1 <= number <= len(lines) and (slip := _slip(lines[number - 1], number, said)) is not None:
            return number, *slip
    if ("block end" in said or "quoted scalar" in said or "end of stream" in said) and (
        number := _open_quote(lines[: line - 1])
    ):
        at = lines[number - 1].rindex('"')
        return number, at + 1, Sentence("close the quotation mark that is open in line {line}", line=number)
    return line, column, _remedy(said)


def _remedy(said: str) -> Sentence:
    """What to do where nothing more is known than what the parser says."""
    if "\\t" in said:
        return Sentence("indent with spaces, not with tabs")
    if "mapping values are not allowed" in said:
        return Sentence("quote a text that holds a colon and a space, and indent the keys of one mapping alike")
    if "quoted scalar" in said or "end of stream" in said:
        return Sentence("close the quotation mark or bracket that is open")
    if "flow" in said or "node content" in said or "','" in said:
        return Sentence("look for a missing comma, quotation mark or bracket, here or in the line above")
    if "block end" in said:
        return Sentence("indent the lines that belong together alike")
    return Sentence("look for a missing quotation mark, colon or space, here or in the line above")


def commented_keys(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Lines and columns, from 1, of comments that were probably meant as the key `#`."""
    for number, line in enumerate(lines, 1):
        if found := _COMMENTED.match(line):
            yield number, found.start(1) + 1


def _slip(line: str, number: int, said: str) -> tuple[int, Sentence] | None:
    """The column and the remedy of a mistake in the line that looks right; None: it has none."""
    if found := _WIDE_COLON.search(line):
        return line.index("：", found.start()) + 1, Sentence(
            "write a colon and a space instead of the full-width ： in line {line}", line=number
        )
    if found := _WIDE_COMMA.search(line):
        return found.start() + 1, Sentence(
            "write a comma and a space instead of the full-width ， in line {line}", line=number
        )
    if found := _WIDE_QUOTE.search(line):
        return found.end(), Sentence('write " instead of the full-width “ or ” in line {line}', line=number)
    if "':'" in said and (found := _STAR.match(line)):
        return found.start(1) + 1, Sentence('write "{what}"', what=found[1])
    if "<scalar>" in said and _open_quote([line]):
        return line.rindex('"') + 1, Sentence("close the quotation mark that is open in line {line}", line=number)
    if "','" in said and (at := _open_bracket(line)) is not None:
        return at + 1, Sentence("close the bracket that is open in line {line}", line=number)
    return None


def _content(line: str) -> bool:
    """Whether the line holds more than a comment."""
    return line.strip() != "" and not line.lstrip().startswith("#")


def _open_quote(lines: Sequence[str]) -> int:
    """The last line, from 1, with an odd number of quotation marks; 0: none. Such lines come in pairs otherwise."""
    odd = [number for number, line in enumerate(lines, 1) if line.replace('\\"', "").count('"') % 2]
    return odd[-1] if len(odd) % 2 else 0


def _open_bracket(line: str) -> int | None:
    """The index of the last bracket that the line leaves open; None: it closes all."""
    plain = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), line)
    stack: list[int] = []
    for at, character in enumerate(plain):
        if character in "{[":
            stack.append(at)
        elif character in "}]" and stack:
            stack.pop()
    return stack[-1] if stack else None
