"""The words of a card that are not the hotline's own, in Chinese and English."""

from collections.abc import Mapping

from hotline.drawing.words import chinese

_WORDS: Mapping[str, tuple[str, str]] = {
    "scan": ("扫码拨打", "Scan to call"),
    "also": ("也可拨打 {numbers}", "also {numbers}"),
    "keys": ("拨通后请按", "After the greeting, press"),
    "lines": ("直拨电话", "Direct numbers"),
    "districts": ("各区电话", "By district"),
    "by-district": ("{name} · 各区", "{name}, by district"),
    "hours": ("服务时间", "Hours"),
    "always": ("其他按键", "Other keys"),
    "version": ("版本 {version} · {day}", "version {version} · {day}"),
}


def say(key: str, language: str, **filled: object) -> str:
    """Chinese for `zh`, else English."""
    return _WORDS[key][0 if chinese(language) else 1].format(**filled)
