"""The voice that a phone hears. Nothing on the way changes a frame, so a known frame shows for certain who speaks.

Every packet of every phone is checked; that costs one look into a table.
"""

import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

from hotline.model import Hotline
from lab.phone import audio
from sounds.catalogue import Catalogue
from sounds.model import Phrase, Speech, Words

_STEP = 50
"""Hertz between two voices. 20 ms have a whole number of periods, so all frames of a voice are equal."""
_LOWEST, _HIGHEST = 300, 3_400

AGENT, CALLER, SAID = "agent:", "caller:", "said:"
"""Prefixes of labels: of agents, of callers (with their number in the load), of Wutong's prompts."""


class TooMany(ValueError):
    """All voices are in use."""


class Voices:
    """All known frames, and the pitch of each agent and caller."""

    def __init__(self) -> None:
        self._labels: dict[bytes, str] = {}
        self._pitches: dict[str, int] = {}
        self._free = iter(range(_LOWEST, _HIGHEST + 1, _STEP))

    def voice(self, label: str) -> int:
        """The pitch (hertz) of this agent or caller, assigned at first use. Raises TooMany."""
        if label not in self._pitches:
            hertz = next(self._free, None)
            if hertz is None:
                raise TooMany("there are not so many voices")
            self._pitches[label] = hertz
            self._labels[audio.tone(hertz)[0]] = label
        return self._pitches[label]

    def recording(self, path: Path, label: str) -> None:
        """Learn a played file by its loud frames, except those that another file also has."""
        for frame in _frames(path):
            known = self._labels.setdefault(frame, label)
            if known != label:
                self._labels[frame] = ""

    def who(self, frame: bytes) -> str:
        """The label of the speaker or prompt of a frame; "" if unknown."""
        return self._labels.get(frame, "")


def of_hotline(hotline: Hotline, catalogue: Catalogue) -> Voices:
    """Voices that know the hotline's prompts: `said:goodbye`, `said:menu:main`, …"""
    voices = Voices()
    said: dict[str, Speech] = {
        **{
            key: (Phrase(key),)
            for key in ("please-hold", "nobody-there", "service-apology", "fallback-apology", "no-answer-apology")
        },
        **{key: (Phrase(key),) for key in ("transferring-before", "transferring-after")},
        **{key: (Phrase(key),) for key in ("callback-confirm", "callback-promised", "callback-ask")},
        **{key: (Phrase(key),) for key in ("transfer-failed", "talk-broken")},
        **{key: (Phrase(key),) for key in ("queue-position-next", "queue-position-one", "estimate-short")},
        **{f"menu:{name}": (Words(menu.say),) for name, menu in hotline.menus.items()},
    }
    for name, texts in (("greeting", hotline.greeting), ("goodbye", hotline.goodbye)):
        if texts is not None:
            said[name] = (Words(texts),)
    for name, speech in said.items():
        for language in hotline.languages:
            for path in catalogue.files(speech, language):
                voices.recording(Path(path + ".wav"), SAID + name + ("" if language == "zh" else f":{language}"))
    return voices


def _frames(path: Path) -> Iterator[bytes]:
    with wave.open(str(path), "rb") as file:
        ulaw = audio.encode(array("h", file.readframes(file.getnframes())))
    for start in range(0, len(ulaw) - audio.FRAME + 1, audio.FRAME):
        frame = ulaw[start : start + audio.FRAME]
        if audio.loudness(frame) >= audio.QUIET:
            yield frame
