"""Finds the line of a hotline's file that is indented wrongly. Pure.

YAML reports such a slip late, at the first line that can no longer fit, or not at all: then keys are where nobody knows
them. So each line near the trouble is tried at the indentation of its neighbours, alone or with what belongs to it. The
slip is in the line with which the file is in order.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from hotline.problem import Level, Problem, Spot, error
from sentences.sentence import Sentence

# How the lines of a YAML file are indented: the outline that they make, and where it does not hold. Pure.
#
# It is much quicker than a parser and knows less: enough to see whether a line could stand at another indentation.


_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#{\[\]},&*!|>%@-][^:#]*):(?=\s|$)\s*(.*)""")
_OPENS = re.compile(r"(?:[&!]\S+\s*)*(?:#.*)?")
_BLOCK = re.compile(r"(?:[&!]\S+\s+)*[|>][-+0-9]*\s*(?:#.*)?")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)#.*""")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that matters: no comment, no part of a text of several lines.

    `at` is its index in the file. `item`: it begins with a hyphen. `inner` is the column of its `key`, which is behind
    the hyphen of an item. `opens`: what is below it belongs to it; `text`: the text below does. `mapping`:
    it has one in braces.
    """

    at: int
    indent: int
    item: bool
    key: str | None
    inner: int
    opens: bool
    text: bool
    mapping: bool


def outline(lines: Sequence[str]) -> list[Line]:
    """The lines that matter, in their order."""
    return list(_lines(lines))


def usual_step(lines: Sequence[Line]) -> int:
    """By how many spaces lines are mostly indented further than what they belong to."""
    steps = Counter(below.indent - line.indent for line, below in pairwise(lines) if below.indent > line.indent)
    return steps.most_common(1)[0][0] if steps else 2


def first_slip(lines: Sequence[Line]) -> int | None:
    """The index in the file of the first line that cannot stand where it does; None: the outline holds."""
    levels: list[tuple[int, bool]] = []  # indentation, and whether it is a list's
    before: Line | None = None
    for line in lines:
        if (
            before is None
            or line.indent > before.inner
            or (line.item and line.indent >= before.indent and before.opens)
        ):
            fits = before is None or before.opens
            levels.append((line.indent, line.item))
        else:
            while levels and (levels[-1][0] > line.indent or (levels[-1] == (line.indent, True) and not line.item)):
                levels.pop()
            fits = bool(levels) and levels[-1] == (line.indent, line.item)
        if not fits or (line.key is None and not line.item):
            return line.at
        if line.item and line.key is not None:
            levels.append((line.inner, False))
        before = line
    return None


def _lines(lines: Sequence[str]) -> Iterator[Line]:
    text_below: int | None = None  # a text of several lines begins in what is indented further than this
    text_at: int | None = None  # it goes on in what is indented like its first line
    flow = 0  # brackets that are open
    last: Line | None = None
    for at, line in enumerate(lines):
        content = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if not content:
            continue
        if text_below is not None:
            if text_at is None and indent > text_below:
                text_at = indent
            if text_at is not None and indent >= text_at:
                continue
            text_below = text_at = None
        if content.startswith(("#", "---")):
            continue
        if flow > 0:
            flow += _brackets(content)
            continue
        item = content == "-" or content.startswith("- ")
        rest = content[1:].lstrip() if item else content
        found = _KEY.match(rest)
        if found is None and not item and last is not None and not last.opens and indent > last.indent:
            continue  # a plain text goes on
        value = found[2] if found else rest
        inner = indent + (len(content) - len(rest) if item and found else 0)
        flow = max(_brackets(value), 0)
        if text := bool(_BLOCK.fullmatch(value)):
            text_below = inner
        opens = bool(_OPENS.fullmatch(value)) and (found is not None or item)
        last = Line(
            at, indent, item, found[1].strip("\"'") if found else None, inner, opens, text, value.startswith("{")
        )
        yield last


def _brackets(content: str) -> int:
    """How many brackets the words open and do not close."""
    bare = _QUOTED.sub("", content)
    return sum(bare.count(sign) for sign in "{[") - sum(bare.count(sign) for sign in "}]")


CODE = "indentation"

MOST_LINES = 3_000
"""Of a file in which a slip is looked for: more than a hotline has that somebody writes by hand."""

MOST_TRIALS = 16
"""Readings of the whole file."""

_TAB = re.compile(r"^ *\t", re.MULTILINE)
_ODD = ("unknown-key", "duplicate-key", "bad-key", "bad-name", "bad-value")
_BACK = 3
_TROUBLES = 3

Judge = Callable[[str], Sequence[Problem]]
"""The problems of a text of the file, by itself."""


@dataclass(frozen=True, slots=True)
class Straight:
    """The text with the line, and perhaps those that belong to it, where they should be; and what to report."""

    text: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class _Move:
    """`count` lines from the index `at` on, by `by` spaces (negative: to the left)."""

    at: int
    count: int
    by: int

    def done(self, lines: Sequence[str]) -> list[str]:
        end = self.at + self.count
        return [*lines[: self.at], *(self._line(line) for line in lines[self.at : end]), *lines[end:]]

    def _line(self, line: str) -> str:
        if not line.strip():
            return line
        spaces = len(line) - len(line.lstrip(" "))  # a comment may have fewer
        return " " * self.by + line if self.by > 0 else line[min(-self.by, spaces) :]


def straightened(
    text: str, file: str, problems: Sequence[Problem], judge: Judge, known: Collection[str]
) -> Straight | None:
    """The text without the slip of indentation that explains the worst of the file's `problems`; None: it is not such a
    slip. `known`: every key that the file may have somewhere.
    """
    wrong = [problem for problem in problems if problem.level is Level.ERROR]
    lines = text.split("\n")
    if not wrong or len(lines) > MOST_LINES or _TAB.search(text):
        return None
    whole = outline(lines)
    unread = next((problem for problem in wrong if problem.code == "bad-yaml"), None)
    if unread is not None and first_slip(whole) is None:
        return None
    troubles = [unread.line - 1] if unread else _troubles(whole, wrong, known)[:_TROUBLES]
    step = usual_step(whole)
    best: tuple[int, int, _Move] | None = None
    for move in islice(_moves(lines, whole, troubles, unread is not None), MOST_TRIALS):
        done = move.done(lines)
        left = [problem for problem in judge("\n".join(done)) if problem.level is Level.ERROR]
        worth = len(left), _odd_steps(outline(done), move, step)
        if _explains(move, wrong, left, unread) and (best is None or worth < best[:2]):
            best = *worth, move
        if best is not None and best[:2] == (0, 0):
            break
    if best is None:
        return None
    return Straight("\n".join(best[2].done(lines)), _problem(best[2], lines, file))


def _odd_steps(whole: Sequence[Line], move: _Move, step: int) -> int:
    """How many of two lines, the first that was moved and the first behind the move, are not indented as most lines of
    the file are.
    """
    starts = (move.at, move.at + move.count)
    indexes = {next((index for index, line in enumerate(whole) if line.at >= start), None) for start in starts}
    return sum(_odd_step(whole, index, step) for index in indexes if index is not None)


def _odd_step(whole: Sequence[Line], index: int, step: int) -> bool:
    here = whole[index]
    above = (line for line in reversed(whole[:index]) if line.indent < here.indent or _lists(line, here))
    owner = next(above, None)
    return here.indent != (0 if owner is None else owner.indent + step)


def _lists(line: Line, item: Line) -> bool:
    """Whether the item of a list is not indented further than the line, to which it belongs."""
    return item.item and not line.item and line.indent == item.indent


def _troubles(whole: Sequence[Line], wrong: Sequence[Problem], known: Collection[str]) -> list[int]:
    """Indices of lines whose problems may come of a line with a wrong indent: a key that is known elsewhere, or is the
    name of something with keys of its own; one that has nothing or the wrong thing below it.
    """
    indexes = {line.at: index for index, line in enumerate(whole)}
    found = set[int]()
    for problem in wrong:
        index = indexes.get(problem.line - 1)
        if index is None or problem.code not in _ODD:
            continue
        line, before = whole[index], whole[max(index - 1, 0)]
        if line.opens or (problem.code != "bad-value" and (line.mapping or line.key in known)):
            found.add(line.at)
        elif before.opens and before.key in known and problem.code == "bad-value":
            found.add(before.at)
    return sorted(found)


def _explains(move: _Move, before: Sequence[Problem], after: Sequence[Problem], unread: Problem | None) -> bool:
    """Whether the move mends something and makes nothing worse."""
    moved = range(move.at + 1, move.at + move.count + 1)
    if unread is not None:
        # a key that is missing now has perhaps become a part of a long text above it
        return not any(problem.code in ("bad-yaml", "missing-key") or problem.line in moved for problem in after)
    known = {(problem.code, problem.line) for problem in before}
    return len(after) < len(before) and {(problem.code, problem.line) for problem in after} <= known


def _moves(lines: Sequence[str], whole: Sequence[Line], troubles: Sequence[int], unread: bool) -> Iterator[_Move]:
    """Moves after which the outline holds, or holds longer: the likeliest first."""
    slip = first_slip(whole)
    tried: set[_Move] = set()
    for trouble in troubles:
        for index in _suspects(whole, trouble):
            for move in _shifts(whole, index, len(lines)):
                if move in tried:
                    continue
                tried.add(move)
                later = first_slip(outline(move.done(lines)))
                if later is None or (slip is not None and unread and later > max(slip, trouble)):
                    yield move


def _suspects(whole: Sequence[Line], trouble: int) -> list[int]:
    """Indexes in the outline of lines that may be the cause of trouble in a line: this one, those just before it, those
    that it belongs to, and the first line in each of these.
    """
    here = next((index for index, line in enumerate(whole) if line.at >= trouble), len(whole) - 1)
    if here < 0:
        return []
    above = _above(whole, here)
    firsts = [index + 1 for index in above]
    near = [*range(here, max(here - _BACK - 1, -1), -1)]
    ordered = [*near[:2], *above[:1], *firsts[:1], *near[2:], *above[1:], *firsts[1:]]
    return list(dict.fromkeys(index for index in ordered if index < len(whole)))


def _above(whole: Sequence[Line], here: int) -> list[int]:
    """The lines above that are indented less than all between, and not more than this one: the nearest first."""
    found: list[int] = []
    least = whole[here].indent + 1
    for index in range(here - 1, -1, -1):
        if whole[index].indent < least:
            found.append(index)
            least = whole[index].indent
            if least == 0:
                break
    return found


def _shifts(whole: Sequence[Line], index: int, size: int) -> Iterator[_Move]:
    """The line at the indentation of its neighbours and of those that it may belong to: alone, then with its own. The
    file has `size` lines.
    """
    line = whole[index]
    near = [whole[other] for other in (index - 1, index + 1) if 0 <= other < len(whole)]
    levels = [other.indent for other in near]
    levels += [other.inner + 2 for other in near[:1] if other.opens or other.text]
    levels += [whole[other].indent + more for other in _above(whole, index) for more in (0, 2)]
    end = next((other.at for other in whole[index + 1 :] if other.indent <= line.indent), None)
    below = (size if end is None else end) - line.at
    for level in dict.fromkeys(levels):
        if level != line.indent:
            yield _Move(line.at, 1, level - line.indent)
            if below > 1:
                yield _Move(line.at, below, level - line.indent)


def _problem(move: _Move, lines: Sequence[str], file: str) -> Problem:
    line = lines[move.at]
    indent = len(line) - len(line.lstrip())
    spot = Spot(file, move.at + 1, indent + 1)
    more = sum(bool(each.strip()) for each in lines[move.at + 1 : move.at + move.count])
    count = abs(move.by)
    facts = {"indent": indent, "spaces": _spaces(indent), "fit": indent + move.by}
    message = Sentence("this line is indented by {indent} {spaces} where {fit} would fit", **facts)
    if more:
        message = Sentence(
            "this line and the {more} below that belong to it are indented by {indent} {spaces} where {fit} would fit",
            more=more,
            **facts,
        )
    where = Sentence("before each") if more else Sentence("before it")
    hint = Sentence("take away {count} {spaces} {where}", count=count, spaces=_spaces(count), where=where)
    if move.by > 0:
        hint = Sentence("add {count} {spaces} {where}", count=count, spaces=_spaces(count), where=where)
    return error(CODE, spot, message, hint)


def _spaces(count: int) -> Sentence:
    return Sentence("space") if count == 1 else Sentence("spaces")


# Typing mistakes that a YAML parser does not explain, or explains wrongly. Pure.


_WIDE_COLON = re.compile(r"^\s*(?:- )?[{\"']?[\w*#-]+[\"']?：|[{,]\s*[\w-]+：")
_WIDE_COMMA = re.compile(r"，\s*[\"']?[\w*#-]+[\"']?:\s")
_WIDE_QUOTE = re.compile(r"(?:[:,{\[]\s*|^\s*)[“”‘’]")
_COMMENTED = re.compile(r"^\s*(#):\s*[{\[\"'\w]")


_STAR = re.compile(r"^\s*(\*[0-9*#]*)\s*:")
_IN_QUOTES = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")


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
    plain = _IN_QUOTES.sub(lambda quoted: "x" * len(quoted[0]), line)
    stack: list[int] = []
    for at, character in enumerate(plain):
        if character in "{[":
            stack.append(at)
        elif character in "}]" and stack:
            stack.pop()
    return stack[-1] if stack else None
