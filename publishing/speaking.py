"""Speaking a text that has no clip yet, so that somebody hears it before it is published.

It runs in `draft_worker`, with that program's limits. The clip is the one that publishing would make, so each text is
spoken once.
"""

import asyncio
from pathlib import Path

from base.failure import NotDone
from hotline.extras import shelf
from publishing.drafts import Unfit
from publishing.prepare import FAILURES
from publishing.speech import speaker
from sentences.languages import worded
from settings.settings import Settings
from sounds import audio
from sounds.build import build
from sounds.catalogue import Catalogue, Clip
from sounds.phrases import LANGUAGES
from sounds.voice import Voice

WITHIN_S = 45.0
"""Seconds that a text may take, and the start of the voice. A sentence of 60 characters takes about five."""


class Speaking:
    """The voice is started by the first text, and stays until `rest`: the next text is often asked for at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runner: asyncio.Runner | None = None
        self._voice: Voice | None = None

    def impossible(self, language: str) -> str | None:
        """Why no text can be spoken on this machine, in a sentence, `zh` or `en`; None: nothing is known against it."""
        try:
            missing = self._speaker().missing()
        except FAILURES as problem:
            return self._why(str(problem), language)
        if missing is None:
            return None
        return worded(
            "This machine has no natural voice, so new sentences cannot be heard: ./wutong prompts install", language
        )

    def spoken(self, folder: Path, language: str, words: str, reader: str) -> Path:
        """The file of a text's clip, as phones with a wideband codec get it. `folder`: of the hotline, with its
        recordings. `reader`: of sentences, `zh` or `en`. Raises NotDone, Unfit.
        """
        if (why := self.impossible(reader)) is not None:
            raise NotDone(why)
        self._runner = self._runner or asyncio.Runner()
        try:
            clip = self._runner.run(self._made(folder, language, words))
        except TimeoutError:
            why = worded(
                "This text has {count} characters and cannot be spoken within {seconds:.0f} s: divide it, or hear it "
                "once it is published.",
                reader,
                count=len(words),
                seconds=WITHIN_S,
            )
            raise Unfit(why) from None
        except FAILURES as problem:
            raise NotDone(self._why(str(problem), reader)) from problem
        return audio.wide(clip.path)

    def rest(self) -> None:
        """End the voice; the next text starts it again."""
        runner, voice = self._runner, self._voice
        self._runner = self._voice = None
        if runner is not None:
            with runner:
                if voice is not None:
                    runner.run(voice.close())

    async def _made(self, folder: Path, language: str, words: str) -> Clip:
        async with asyncio.timeout(WITHIN_S):
            prompts = shelf(folder, None)
            where = self._settings.folder.sounds
            catalogue = await asyncio.to_thread(Catalogue, where, prompts, LANGUAGES, self._speaker())
            clip = catalogue.clip(language, words)
            if clip.recording is None and clip.shipped is None:
                await catalogue.voice.obtain(lambda line: None, install=False)  # the draft voice would help nobody
            await build(catalogue, [clip], lambda done, all_: None, install=False)
            return clip

    def _speaker(self) -> Voice:
        """Raises BadVoice."""
        self._voice = self._voice or speaker(self._settings)
        return self._voice

    @staticmethod
    def _why(problem: str, language: str) -> str:
        return worded("This machine cannot speak it: {problem}", language, problem=problem)
