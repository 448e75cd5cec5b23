"""docs/extending.md says the whole: a copy of the product has what it adds, and its console is built and looked at."""

import sys
from pathlib import Path

from tests.extended import extended, run


def test_a_new_state_and_a_new_kind_are_seen_in_a_browser(tmp_path: Path) -> None:
    copy = extended(tmp_path / "copy")
    run(copy, sys.executable, "-P", "-m", "tools.console", "types")
    run(copy, sys.executable, "-P", "-m", "lab.console", "build")
    run(copy, sys.executable, "-P", "-m", "tests.console.extended", str(tmp_path))
