"""The tests. A failed assertion in what they share says its values, too, as one in a test does."""

from pathlib import Path

import pytest

pytest.register_assert_rewrite(
    *(f"tests.{folder.parent.name}" for folder in Path(__file__).parent.glob("*/__init__.py"))
)
