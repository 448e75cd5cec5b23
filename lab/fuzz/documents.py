"""A hotline's folder: whatever its files hold, the loader answers with problems that say where, and soon."""

import re
import time
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from hotline.files import AGENTS, HOTLINE, LARGEST
from hotline.loader import load
from hotline.problem import Level
from lab.fuzz.properties import Property

FOLDER = Path(__file__).parents[1] / "chaos" / "hotline"
GOOD = {name: (FOLDER / name).read_text(encoding="utf-8") for name in (HOTLINE, AGENTS)}
INDEX = "prompts/recordings.yaml"

SECONDS = 30.0
"""Of processor time for one folder. The largest files that are read take about 4."""

LONGEST_LINE = 2_000
"""Characters of one problem."""

LEAVES = (
    *(
        "~",
        "true",
        "''",
        "5s",
        "-1",
        "1e999",
        ".inf",
        ".nan",
        "0x" + "f" * 99,
        "9" * 5_000,
        "9" * 5_000 + "s",
        "2025-99-99",
        "9999-12-31",
        "0001-01-01",
    ),
    *('"\\U00110000"', '"\\UFFFFFFFF"', '"\\ud800"', '"\\x07"', '"\\u202e"', "\u2028", "\x85", "\ufeff", "\t", "\x00"),
    *(
        "&a ",
        "*a",
        "<<",
        "? ",
        ": ",
        "- ",
        "|9",
        ">-",
        "!!binary x",
        "!!int x",
        "!!set {a}",
        "!<%ff>",
        "%YAML 1.3\n---\n",
    ),
    *(
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        '"',
        "#",
        "@",
        "`",
        "---\n",
        "...\n",
        "\n",
        " ",
        "树",
        "x" * 5_000,
        "queue",
        "then",
    ),
)

REPEATED = (
    *("[", "{", "- ", "? ", "a: ", "[a, ", "{a: ", "&a [", "a:\n ", "'", '"', "x", "x ", "x\n", "\n", "#\n", "*", "\\"),
    *("a: b\n", "? a\n", "- a\n", "a: b # c: d\n", "!a ", "&a ", "%A\n", "\u2028", "树"),
)

LAUGHS = st.tuples(st.integers(2, 12), st.integers(1, 30)).map(
    lambda drawn: (
        "a0: &a0 [x]\n"
        + "".join(
            f"a{step}: &a{step} [" + ", ".join([f"*a{step - 1}"] * drawn[0]) + "]\n" for step in range(1, drawn[1] + 1)
        )
    )
)
"""Lists of aliases of lists of aliases: a few hundred bytes that stand for more values than there are atoms."""

LARGE = st.tuples(
    st.sampled_from(REPEATED), st.integers(1, LARGEST), st.sampled_from(("", "hotline: ", "a: [", 'a: "'))
)


def mangled(text: str) -> st.SearchStrategy[str]:
    """The text with some words of it replaced."""
    words = [found.span() for found in re.finditer(r"\w+|[^\w\s]", text)]
    change = st.tuples(st.sampled_from(words), st.sampled_from(LEAVES) | st.text(max_size=5))

    def changed(changes: list[tuple[tuple[int, int], str]]) -> str:
        new = text
        for (start, stop), with_ in sorted(changes, reverse=True):
            new = new[:start] + with_ + new[stop:]
        return new

    return st.lists(change, min_size=1, max_size=5).map(changed)


def noise() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(LEAVES) | st.text(max_size=5), max_size=30).map("".join)


def repeated() -> st.SearchStrategy[str]:
    """The same again and again, up to the largest file."""
    return LARGE.map(lambda drawn: (drawn[2] + drawn[0] * (drawn[1] // len(drawn[0].encode()) + 1))[:LARGEST])


def is_answered(text: str, name: str) -> None:
    files = {**GOOD, name: text}
    with TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "prompts").mkdir()
        for file, content in files.items():
            (folder / file).write_bytes(content.encode("utf-8", "surrogatepass"))
        began = time.process_time()
        loaded = load(folder)
        took = time.process_time() - began
    assert took < SECONDS, f"it took {took:.1f} s"
    errors = [problem for problem in loaded.problems if problem.level is Level.ERROR]
    assert (loaded.hotline is None) == bool(errors)
    for problem in loaded.problems:
        assert problem.file in (HOTLINE, AGENTS, INDEX), problem.file
        assert 1 <= problem.line <= text.count("\n") + text.count("\r") + text.count("\u2028") + len(GOOD[HOTLINE])
        assert problem.column >= 1
        assert problem.message
        assert problem.hint
        line = str(problem)
        assert len(line) <= LONGEST_LINE, f"a problem of {len(line)} characters"
        assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in line), repr(line)


NAMES = st.sampled_from((HOTLINE, HOTLINE, AGENTS, INDEX))
ANSWER = "is answered with a hotline or with problems that say where, within seconds"

PROPERTIES = (
    Property("yaml-noise", f"A file of nonsense {ANSWER}.", is_answered, {"text": noise(), "name": NAMES}),
    Property(
        "yaml-hotline",
        f"A mangled hotline.yaml {ANSWER}.",
        is_answered,
        {"text": mangled(GOOD[HOTLINE]), "name": st.just(HOTLINE)},
    ),
    Property(
        "yaml-agents",
        f"A mangled agents.yaml {ANSWER}.",
        is_answered,
        {"text": mangled(GOOD[AGENTS]), "name": st.just(AGENTS)},
    ),
    Property(
        "yaml-aliases", f"A file that is copies of copies {ANSWER}.", is_answered, {"text": LAUGHS, "name": NAMES}
    ),
    Property(
        "yaml-large", f"A file of {LARGEST:,} bytes at most {ANSWER}.", is_answered, {"text": repeated(), "name": NAMES}
    ),
)
