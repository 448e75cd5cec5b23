"""Versions: a digest of what callers hear and what is decided. Comments and passwords do not change it."""

import json
from collections.abc import Iterator
from hashlib import sha256

from hotline.model import Hotline
from hotline.texts import every_text
from sounds.model import choose, sayable
from sounds.phrases import needed_phrases
from sounds.recordings import Recordings


def version(hotline: Hotline, recordings: Recordings) -> str:
    """12 hexadecimal digits over the hotline and the recordings that are played in it."""
    # Passwords are excluded by the model. The order of agents is kept: a strategy uses it.
    said = json.dumps(hotline.model_dump(mode="json", exclude={"folder", "version"}))
    digest = sha256(said.encode())
    for language, words in sorted(set(spoken(hotline))):
        recording = recordings.find(language, words)
        if recording is not None:
            digest.update(f"{language} {words} {recording.digest}\n".encode())
    return digest.hexdigest()[:12]


def spoken(hotline: Hotline) -> Iterator[tuple[str, str]]:
    """Every language and text that this hotline may speak, in the form that finds recordings."""
    for language in hotline.languages:
        for each in every_text(hotline):
            spoken_in, words = choose(each, language, hotline.languages[0])
            yield spoken_in, sayable(words)
        for words in needed_phrases(language):
            yield language, words
