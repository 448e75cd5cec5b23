"""Speaking a text that has no clip yet, so that somebody hears it before it is published, also for a command.

It runs in `draft_worker`, with that program's limits. The clip is the one that publishing would make, so each text is
spoken once.
"""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from base.failure import NotDone
from base.folders import CHECKOUT
from hotline.extras import shelf
from publishing import drafts
from publishing.drafts import Unfit, command
from publishing.prepare import FAILURES
from publishing.speech import speaker
from sentences.languages import worded
from sentences.sentence import Sentence
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
        """The voice that speaks drafts. Raises BadVoice."""
        self._voice = self._voice or speaker(self._settings)
        return self._voice

    @staticmethod
    def _why(problem: str, language: str) -> str:
        return worded("This machine cannot speak it: {problem}", language, problem=problem)


# The program that works on drafts, started by a command to have texts spoken, with the limits of a draft's work.


class Voicing:
    """The program starts with the first text, and ends with `close`. `folder`: of the hotline. `language`: of
    sentences.
    """

    def __init__(self, settings: Settings, folder: Path, language: str) -> None:
        self._settings, self._folder, self._language = settings, folder, language
        self._process: subprocess.Popen[bytes] | None = None

    def speak(self, language: str, words: str) -> None:
        """From now on the text has a clip. Raises NotDone."""
        given = {"language": language, "words": words, "speak": self._language, "folder": str(self._folder)}
        said = self._answered(json.dumps({"task": "speak", "given": given}).encode() + b"\n")
        if "answer" not in said:
            mistake = Sentence("the program that speaks made a mistake: ./wutong prompts build tells more")
            raise NotDone(str(said.get("unfit") or said.get("failure") or mistake))

    def _answered(self, line: bytes) -> dict[str, object]:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(line)
            process.stdin.flush()
        answer = process.stdout.readline() if select.select([process.stdout], [], [], drafts.WITHIN_S)[0] else b""
        if not answer:
            self.close()
            raise NotDone(
                Sentence("the program that speaks has ended, or took too long: ./wutong prompts build tells more")
            )
        return dict(json.loads(answer))

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, *command(self._settings)],
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self._process

    def close(self) -> None:
        """End the program."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
