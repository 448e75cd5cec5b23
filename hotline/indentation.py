"""Finds the line of a hotline's file that is indented wrongly. Pure.

YAML tells such a slip late, at the first line that can no longer fit, or not at all: then keys are where nobody knows
them. So each line near the trouble is tried at the indentation of its neighbours, alone or with what belongs to it. The
slip is in the line with which the file is in order.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from hotline.outline import Line, first_slip, outline, usual_step
from hotline.problem import Level, Problem, Spot, error
from sentences.sentence import Sentence

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
    """The text with the line, and perhaps those that belong to it, where they should be; and what to tell."""

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
    """The text without the slip of indentation that explains the worst of the file's `problems`; None: it is no such
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
    return Straight("\n".join(best[2].done(lines)), _told(best[2], lines, file))


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


def _told(move: _Move, lines: Sequence[str], file: str) -> Problem:
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
