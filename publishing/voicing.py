"""The program that works on drafts, started by a command to have texts spoken, with the limits of a draft's work."""

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
from publishing.drafts import WITHIN_S, command
from settings.settings import Settings


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
            mistake = "the program that speaks made a mistake: ./wutong prompts build tells more"
            raise NotDone(str(said.get("unfit") or said.get("failure") or mistake))

    def _answered(self, line: bytes) -> dict[str, object]:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(line)
            process.stdin.flush()
        answer = process.stdout.readline() if select.select([process.stdout], [], [], WITHIN_S)[0] else b""
        if not answer:
            self.close()
            raise NotDone("the program that speaks has ended, or took too long: ./wutong prompts build tells more")
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
