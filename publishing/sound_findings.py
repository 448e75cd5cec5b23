"""What `./wutong doctor` finds of the sounds: the programs that make them, and whose voice speaks."""

import shlex
import shutil

from commands.finding import Finding
from hotline.loader import load
from hotline.texts import every_text
from publishing.prepare import SOUND_PROGRAMS
from publishing.speech import speaker
from settings.settings import Settings
from sounds.catalogue import Catalogue
from sounds.model import NoSound
from sounds.natural import NaturalVoice
from sounds.voice import CommandVoice, Source


def sound_programs(settings: Settings) -> Finding:
    needed = [name for name in SOUND_PROGRAMS if name != "espeak-ng" or not settings.voice]
    missing = [SOUND_PROGRAMS[name] for name in needed if shutil.which(name) is None]
    if missing:
        command = f"apt-get install {' '.join(missing)}"
        return Finding("wrong", "sound programs", f"install: {command}", f"请安装：{command}")
    return Finding("right", "sound programs", ", ".join(needed), "、".join(needed))


def voice(settings: Settings) -> Finding:
    """Whose voice speaks, and whether callers hear the draft voice anywhere."""
    try:
        speaking = speaker(settings)
    except NoSound as error:
        return Finding("wrong", "voice", str(error), f"不能合成语音：{error}")
    if isinstance(speaking, CommandVoice):
        program = shlex.split(settings.voice)[0]
        if shutil.which(program) is None:
            return Finding(
                "wrong",
                "voice",
                f"there is no program {program}: correct the setting, or install it",
                f"没有程序 {program}：请改正设置，或安装它",
            )
        return Finding(
            "right",
            "voice",
            f"the command {program}, as the setting `voice` says",
            f"命令 {program}，由设置 voice 指定",
        )
    try:
        drafts = _drafts(settings, speaking)
    except (NoSound, OSError) as error:
        return Finding("wrong", "voice", str(error), f"提示音读不出来：{error}")
    absent = speaking.missing()
    if drafts:
        remedy = "./wutong reload" if absent is None else f"{absent}, then ./wutong reload"
        chinese = "./wutong reload" if absent is None else "先 ./wutong prompts install，再 ./wutong reload"
        texts, them = ("1 text is", "it") if drafts == 1 else (f"{drafts} texts are", "them")
        return Finding(
            "wrong",
            "voice",
            f"{texts} spoken by the draft voice, and callers will not understand {them}: {remedy}",
            f"有 {drafts} 句由草稿语音朗读，市民听不懂：{chinese}",
        )
    if absent is not None:
        return Finding(
            "odd",
            "voice",
            f"{absent}. It is needed for texts that do not ship with Wutong",
            "还没有安装自然语音，随附语句以外的话要用到它：./wutong prompts install",
        )
    voices = settings.voices
    return Finding("right", "voice", f"{voices.zh} and {voices.en}, installed", f"{voices.zh} 和 {voices.en}，已安装")


def _drafts(settings: Settings, speaking: NaturalVoice) -> int:
    """How many texts of the hotline are played as drafts."""
    loaded = load(settings.hotline)
    if loaded.hotline is None:
        return 0  # `hotline` reports it
    hotline = loaded.hotline
    catalogue = Catalogue(settings.folder.sounds, hotline.prompts, hotline.languages, speaking)
    played = (catalogue.played(clip) for clip in catalogue.needed(every_text(hotline)))
    return sum(clip is not None and clip.source is Source.DRAFT for clip in played)
