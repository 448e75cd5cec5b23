"""docs/extending.md does what it says: its changes are applied to a copy of the product, which is then used."""

import sys
from pathlib import Path

from tests.extended import CHECKOUT, PAGE, extended, run
from tests.pages import changes

KINDS = 7
FILES = 3
"""In which one new kind of a thing may be written at most."""


def test_each_kind_of_thing_is_in_few_files() -> None:
    _, *sections = PAGE.split("\n## ")
    assert len(sections) == KINDS
    for section in sections:
        assert 1 <= len({file for file, _, _ in changes(section)}) <= FILES, section.partition("\n")[0]


def test_what_the_page_adds_works(tmp_path: Path) -> None:
    copy = extended(tmp_path / "copy")
    run(copy, sys.executable, "-P", str(CHECKOUT / "tests" / "unit" / "extended.py"))
    run(copy, str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
