"""The blocks of a page of the documentation, for tests that do what the page says."""

import re
from collections.abc import Iterator

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(text: str) -> list[tuple[str, str]]:
    """Kind and text of each block, in order: `sh`, `diff`, `yaml`; "" is what a program prints."""
    return _BLOCK.findall(text)


def changes(text: str) -> Iterator[tuple[str, str, str]]:
    """Of the diffs of a page: file, what is there ("": the file is new), and what comes instead."""
    for kind, block in blocks(text):
        if kind == "diff":
            yield from changes_in(block)


def changes_in(block: str) -> Iterator[tuple[str, str, str]]:
    """The same of one block."""
    _, *parts = re.split(r"^@@ (\S+) @@\n", block, flags=re.MULTILINE)
    for file, lines in zip(parts[::2], parts[1::2], strict=True):
        marked = [(line[:1].strip(), line[1:]) for line in lines.splitlines(keepends=True)]
        before = "".join(line for mark, line in marked if mark != "+")
        yield file, before, "".join(line for mark, line in marked if mark != "-")
