"""Chinese words become the symbols of the voice model."""

import pytest

from sounds.speaker.symbols import mandarin


def test_a_character_that_no_dictionary_reads_is_named() -> None:
    with pytest.raises(ValueError, match="how '㐂' is read: write another character"):
        mandarin("您好㐂")
