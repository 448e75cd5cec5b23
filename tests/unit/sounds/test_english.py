"""English words become the symbols of the voice model; espeak-ng says how they sound."""

import pytest

from sounds.speaker.symbols import english


@pytest.mark.parametrize("words", ["Please wait...we are coming, soon.", "word " * 200 + ", end"])
def test_what_espeak_ng_divides_is_one_text_again(words: str) -> None:
    said = english(words, british=False)
    last = english(words.split()[-1], british=False)
    assert said.endswith(last)
    assert said.count(",") == words.count(",")
