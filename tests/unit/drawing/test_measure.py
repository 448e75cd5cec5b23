"""How wide a text is: a long one is measured once."""

import pytest

from drawing import words


def test_a_long_text_is_cut_without_measuring_it_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    ems = words._ems

    def counted(character: str) -> float:
        measured.append(character)
        return ems(character)

    monkeypatch.setattr(words, "_ems", counted)
    text = "Greening and gas " * 300
    short = words.fitted(text, 40, 3)
    assert len(measured) < 2 * len(text)
    assert text.startswith(short.removesuffix("…"))
    assert 36 < words.width(short, 3) <= 40
    assert words.fitted("short", 40, 3) == "short"
