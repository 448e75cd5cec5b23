"""The fixtures of tests/integration: attacks need the same hotline and the same real Asterisk. No other test gets an
Asterisk that was attacked.
"""

from tests.integration.conftest import (
    another,
    change,
    hotline_folder,
    natural_sounds,
    no_second_look,
    sounds,
    stalled,
    stand_in,
    wutong,
)
from tests.integration.conftest import hotline_of_its_own as hotline

__all__ = [
    "another",
    "change",
    "hotline",
    "hotline_folder",
    "natural_sounds",
    "no_second_look",
    "sounds",
    "stalled",
    "stand_in",
    "wutong",
]
