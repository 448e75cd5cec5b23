"""The prompts of the hotline in use."""

from pathlib import Path

from hotline.edition import Edition
from hotline.prompts_api import Prompts
from sounds.audio import wide
from sounds.catalogue import Catalogue
from sounds.voice import DraftVoice
from tests.unit.hotline.folders import loaded, small
from tests.unit.sounds.making import tone


def edition(tmp_path: Path) -> Edition:
    hotline = loaded(tmp_path, small()).hotline
    assert hotline is not None
    return Edition(hotline, Catalogue(tmp_path / "sounds", hotline.folder / "prompts", hotline.languages, DraftVoice()))


async def test_a_built_text_is_told_with_its_path_and_can_be_heard(tmp_path: Path) -> None:
    used = edition(tmp_path)
    source = Prompts(lambda: used)
    text = next(found for found in await source.prompts() if "menus.main.say" in found.where)
    assert (text.seconds, await source.sound(text.id)) == (None, None)
    clip = used.catalogue.clip(text.language, text.text)
    tone(clip.path, channels=1)
    tone(wide(clip.path), channels=1, rate=16_000)
    told = {found.id: found for found in await source.prompts()}[text.id]
    assert told.seconds is not None
    assert await source.sound(text.id) == wide(clip.path).read_bytes()
    wide(clip.path).unlink()
    assert await source.sound(text.id) is None


async def test_another_edition_is_looked_at_anew(tmp_path: Path) -> None:
    first, second = edition(tmp_path), edition(tmp_path)
    uses = [first]
    source = Prompts(lambda: uses[-1])
    text = next(found for found in await source.prompts() if "menus.main.say" in found.where)
    clip = second.catalogue.clip(text.language, text.text)
    tone(clip.path, channels=1)
    tone(wide(clip.path), channels=1, rate=16_000)
    assert await source.sound(text.id) is None, "made for the next edition"
    uses.append(second)
    assert await source.sound(text.id) is not None
    assert await source.sound("../secrets") is None
