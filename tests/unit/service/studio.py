"""A hotline's prompts with a real folder and the real sox, for tests without Asterisk."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from hotline.edition import Edition
from hotline.keeping import key
from hotline.prompts_api import PromptOut, Prompts
from hotline.recording import Kept, Recording
from sounds.catalogue import Catalogue
from sounds.voice import DraftVoice
from tests.unit.hotline.folders import loaded, small

MAIN = ("zh", "For English press 8. 绿化请按1，供水请按2，人工请按0，重听请按星号键。")
"""What the main menu of the small hotline says."""


class Studio:
    """A hotline in use, with its prompts over HTTP. `reload` takes the folder into use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        hotline = loaded(folder, small()).hotline
        assert hotline is not None
        self.hotline = hotline
        self.prompts = hotline.folder / "prompts"
        self.reloading = asyncio.Lock()
        self.reload()
        self.recording = Recording(lambda: self.edition, self.reloading)
        self.listed = Prompts(lambda: self.edition)
        self.key = key(*MAIN)

    def reload(self) -> None:
        voice = DraftVoice()
        self.edition = Edition(
            self.hotline, Catalogue(self.folder / "sounds", self.prompts, self.hotline.languages, voice)
        )

    async def keep(self, sound: bytes, known: str | None) -> Kept:
        return await self.recording.keep(self.key, pieces(sound), known)

    async def told(self) -> PromptOut:
        return next(prompt for prompt in await self.listed.prompts() if prompt.key == self.key)


async def pieces(sound: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(sound), 65_536):
        yield sound[at : at + 65_536]
