"""What `doctor` says of versions (damaged ones, whether the folder is what callers get) and of sounds."""

import shlex
import shutil

from commands.finding import Finding
from hotline.files import folder_files
from hotline.loader import load
from hotline.texts import every_text
from publishing.passwordless import Unkeepable, texts
from publishing.prepare import SOUND_PROGRAMS
from publishing.speech import speaker
from publishing.store import VersionStore
from publishing.versions import Standing, standing
from settings.settings import Settings
from sounds.catalogue import Catalogue
from sounds.model import NoSound
from sounds.voice import CommandVoice, NaturalVoice, Source

WHAT = "versions"


def versions(settings: Settings) -> Finding:
    """Compares the folder with what was published last."""
    store = VersionStore(settings.folder.versions)
    if store.damaged:
        named = ", ".join(store.damaged)
        return Finding(
            "wrong",
            WHAT,
            f"damaged: {named}. Restore a backup (./wutong restore), or publish again; then remove the damaged files",
            f"已损坏：{named}。请恢复备份（./wutong restore）或重新发布，再删除损坏的文件",
        )
    in_use = store.for_all[-1:]  # whose recordings the next start reads
    lost = {version.number: store.lost(version, thorough=version in in_use) for version in store.history}
    if lost := {number: names for number, names in lost.items() if names}:
        named = "; ".join(f"{number}: {', '.join(names[:3])}" for number, names in lost.items())
        return Finding(
            "wrong",
            WHAT,
            f"recordings or lists of callers of versions are lost or damaged: {named}. ./wutong restore brings them "
            "back, and so does ./wutong publish where the folder has them",
            f"有版本的录音或来电者名单丢失或损坏：{named}。./wutong restore 可以从备份恢复；文件夹里还有的，"
            "./wutong publish 也会补上",
        )
    if not store.for_all:
        return Finding("right", WHAT, "none yet: the first start keeps one", "还没有：首次启动时会保存一个")
    last = store.for_all[-1]
    extras = load(settings.hotline).extras
    try:
        files = texts(folder_files(settings.hotline) or {})
        how = standing(files, extras, str(settings.hotline.absolute()), store.history)
    except Unkeepable:
        how = Standing.EDITED
    match how:
        case Standing.PUBLISHED if last.extras is not None and not last.has(extras):
            return Finding(
                "odd",
                WHAT,
                f"recordings or lists of callers in the hotline's folder were changed since version {last.number}, and "
                "callers do not get that: ./wutong publish",
                f"热线文件夹中的录音或来电者名单在版本 {last.number} 之后修改过，来电还没有使用：./wutong publish",
            )
        case Standing.PUBLISHED:
            return Finding(
                "right", WHAT, f"version {last.number} is the hotline's folder", f"版本 {last.number} 与热线文件夹一致"
            )
        case Standing.TRIED:
            return Finding(
                "odd",
                WHAT,
                f"version {last.number} is in use; the hotline's folder has the files of one that was put on trial: "
                "./wutong versions",
                f"正在使用版本 {last.number}；热线文件夹是试用过的版本：./wutong versions",
            )
        case Standing.BEHIND:
            return Finding(
                "odd",
                WHAT,
                f"version {last.number} of {last.author} was published elsewhere, and is not in the hotline's folder: "
                f"./wutong versions export {last.number} {settings.hotline}",
                f"版本 {last.number}（{last.author}）是在别处发布的，热线文件夹里没有："
                f"./wutong versions export {last.number} {settings.hotline}",
            )
    return Finding(
        "odd",
        WHAT,
        f"the hotline's folder was edited since version {last.number}, and callers do not get that: ./wutong publish",
        f"热线文件夹在版本 {last.number} 之后修改过，来电还没有使用：./wutong publish",
    )


# What `./wutong doctor` finds of the sounds: the programs that make them, and whose voice speaks.


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
