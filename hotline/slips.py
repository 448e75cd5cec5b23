"""Typing mistakes that a YAML parser does not explain, or explains wrongly. Pure."""

import re
from collections.abc import Iterator, Sequence

_WIDE_COLON = re.compile(r"^\s*(?:- )?[{\"']?[\w*#-]+[\"']?：|[{,]\s*[\w-]+：")
_WIDE_COMMA = re.compile(r"，\s*[\"']?[\w*#-]+[\"']?:\s")
_WIDE_QUOTE = re.compile(r"(?:[:,{\[]\s*|^\s*)[“”‘’]")
_COMMENTED = re.compile(r"^\s*(#):\s*[{\[\"'\w]")


def remedy(said: str, lines: Sequence[str], line: int) -> str:
    """What to do about a parser's complaint `said` in `line`, from 1; the mistake may be in the line before."""
    for number in (line - 1, line):
        if 1 <= number <= len(lines) and (hint := _slip(lines[number - 1], number, said)) is not None:
            return hint
    if "\\t" in said:
        return "indent with spaces, not with tabs"
    if "mapping values are not allowed" in said:
        return "quote a text that holds a colon and a space, and indent the keys of one mapping alike"
    if "quoted scalar" in said or "end of stream" in said:
        return "close the quotation mark or bracket that is open"
    if "flow" in said or "node content" in said or "','" in said:
        return "look for a missing comma, quotation mark or bracket, here or in the line above"
    if "block end" in said:
        return "indent the lines that belong together alike"
    return "look for a missing quotation mark, colon or space, here or in the line above"


def commented_keys(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Lines and columns, from 1, of comments that were probably meant as the key `#`."""
    for number, line in enumerate(lines, 1):
        if found := _COMMENTED.match(line):
            yield number, found.start(1) + 1


def _slip(line: str, number: int, said: str) -> str | None:
    """The remedy for a mistake in the line that looks right; None: it has none."""
    if _WIDE_COLON.search(line):
        return f"write a colon and a space in place of the full-width ： in line {number}"
    if _WIDE_COMMA.search(line):
        return f"write a comma and a space in place of the full-width ， in line {number}"
    if _WIDE_QUOTE.search(line):
        return f'write " in place of the full-width “ or ” in line {number}'
    if "<scalar>" in said and line.replace('\\"', "").count('"') % 2:
        return f"close the quotation mark that is open in line {number}"
    return None
