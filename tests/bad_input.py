"""Files of a hotline that nobody wants: damaged, enormous, hostile. Each with the codes of problems that tell of it."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.unit.hotline.folders import AGENTS, ENDED, HOTLINE, replaced, small

MENUS = 10_000


class Bad(NamedTuple):
    """`files`: by their names. `codes`: one of them at least is told."""

    files: Mapping[str, bytes]
    codes: frozenset[str]


def _bad(code: str, hotline: str | bytes, agents: str | bytes = AGENTS) -> Bad:
    files = {"hotline.yaml": hotline, "agents.yaml": agents}
    written = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    return Bad(written, frozenset(code.split()))


_LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 20)
)
_MENU = '  m{n}: {{say: "按0", keys: {{"0": {{menu: m{next}}}}}}}\n'
_MANY = "".join(_MENU.format(n=n, next=n + 1) for n in range(MENUS))
_ROUND = (
    "    no_input: {then: {queue: general}}\n    invalid: {then: {queue: general}}\n",
    "    no_input: {then: {menu: main}}\n    invalid: {then: {menu: water}}\n",
)
_SILENT = "    no_input: {repeat: 1, then: {queue: general}}\n"

CASES: Mapping[str, Bad] = {
    "copies of copies of copies": _bad("too-large", HOTLINE + _LAUGHS),
    "an alias inside itself": _bad("bad-alias", f"{HOTLINE}a: &a [*a]\n"),
    "nested without end": _bad("too-deep", HOTLINE + "a: " + "[" * 100_000),
    "10,000 menus": _bad("too-many too-large", HOTLINE.replace("  water:\n", f"{_MANY}  water:\n")),
    "menus that lead to each other": _bad(
        "endless", replaced(HOTLINE, (_ROUND, (_SILENT, "    no_input: {then: {menu: water}}\n")))
    ),
    "a text of 100 KB": _bad("too-long", HOTLINE.replace("您好", "您好" * 16_700)),
    "a name of 100 KB": _bad("bad-yaml", HOTLINE.replace("  water:", f"  {'w' * 100_000}:")),
    "a file of 2 MB": _bad("too-large", HOTLINE + "#" * 2_000_000),
    "GBK instead of UTF-8": _bad("bad-encoding", HOTLINE.encode("gbk")),
    "UTF-16 instead of UTF-8": _bad("bad-encoding", HOTLINE.encode("utf-16")),
    "agents in GBK": _bad("bad-encoding", HOTLINE, AGENTS.encode("gbk")),
    "zeros, as after a power cut": _bad("bad-yaml", b"\0" * 4_096),
    "a calendar of years ago": _bad("calendar-ends", small(*ENDED)["hotline.yaml"]),
    "a calendar of the year 12027": _bad(
        "out-of-range", small(*ENDED)["hotline.yaml"].replace("off: [2020-10-01]", "off: [], until: 12027")
    ),
}
