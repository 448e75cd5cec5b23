"""How wide a text is: a long one is measured once."""

import pytest

from drawing import measure


def test_a_long_text_is_cut_without_measuring_it_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    ems = measure._ems

    def counted(character: str) -> float:
        measured.append(character)
        return ems(character)

    monkeypatch.setattr(measure, "_ems", counted)
    text = "Greening and gas " * 300
    short = measure.fitted(text, 40, 3)
    assert len(measured) < 2 * len(text)
    assert text.startswith(short.removesuffix("…"))
    assert 36 < measure.width(short, 3) <= 40
    assert measure.fitted("short", 40, 3) == "short"
