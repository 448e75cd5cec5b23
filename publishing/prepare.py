"""What must be on the disk before calls can be taken: the prompts, and Asterisk's configuration."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from pathlib import Path

from pydantic import ValidationError

from base.failure import NotDone
from base.files import replace as write_whole
from base.log import hide
from dialplan import render
from hotline.loader import load
from hotline.model import Hotline
from hotline.texts import every_text
from processes import modules, tools
from processes.asterisk import AsteriskFailed
from processes.obtaining import DATA_LINK, MODULES_LINK, Installation, NoAsterisk
from publishing.speech import speaker
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, joined, lines
from settings.ports import PortTaken
from settings.secrets import Secrets
from settings.settings import Settings
from sounds import shipped
from sounds.build import Report as BuildReport
from sounds.build import build, note, sweep
from sounds.catalogue import Catalogue, Clip
from sounds.environment import CompanionFailed
from sounds.model import NoSound
from sounds.phrases import phrase
from sounds.voice import NaturalVoice

SOUND_PROGRAMS = {"espeak-ng": "espeak-ng", "sox": "sox"}
"""Program → Debian package: what builds the prompts."""

ANYWHERE = IPv4Address("0.0.0.0")  # noqa: S104 - AMI of an Asterisk on another machine, see docs/settings.md

BUSY = "all-lines-busy"
"""The phrase for a caller for whom there is no room. It ships with Wutong: nothing has to be spoken for it."""

Progress = Callable[[str], None]


REPAIRABLE = (NotDone, AsteriskFailed, NoAsterisk, PortTaken, tools.MissingTools, OSError)
"""Why a start may fail that a person can mend: shown as a sentence, without a traceback."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """`catalogue` finds the prompts. `played`: every clip that the hotline may say, as callers hear it. `report`: what
    was built. `changed`: names of new Asterisk files, in use after Asterisk's next reload."""

    catalogue: Catalogue
    played: tuple[Clip, ...]
    report: BuildReport
    changed: frozenset[str] = frozenset()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences, such as about a recording that no text uses."""
        return tuple(str(warning) for warning in self.report.warnings)

    @property
    def draft(self) -> str | None:
        """A sentence about texts that callers will not understand, or None."""
        count = len(self.report.drafts)
        if not count:
            return None
        why = self.report.why.removesuffix(".")
        if count == 1:
            return Sentence(
                "1 text is spoken by the draft voice espeak-ng, and callers will not understand it: {why}. "
                "When that is mended: ./wutong reload",
                why=why,
            )
        return Sentence(
            "{count} texts are spoken by the draft voice espeak-ng, and callers will not understand them: {why}. "
            "When that is mended: ./wutong reload",
            count=count,
            why=why,
        )


def load_hotline(settings: Settings) -> Hotline:
    """The hotline of the settings. Raises `NotDone` with a line for each problem of one that has errors."""
    loaded = load(settings.hotline, exposed=settings.exposed)
    if loaded.hotline is None:
        raise NotDone(lines(problem.words for problem in loaded.problems))
    return loaded.hotline


async def prepare(
    settings: Settings,
    secrets: Secrets,
    hotline: Hotline,
    installation: Installation | None,
    progress: Progress,
    *,
    install: bool = True,
    in_use: Iterable[Clip] = (),
) -> Prepared:
    """Build the prompts that are missing, then render Asterisk's configuration.

    `installation`: this machine's Asterisk, None for a remote one. `secrets` has a password for every agent of
    `hotline`. `install`: whether to install the natural voice where it is missing and needed. `in_use`: clips that
    live calls still need. Raises `NotDone`; then finished prompts stay, and the configuration is unchanged.
    """
    hide(_plain(secrets, hotline))
    try:
        prompts = await make_prompts(settings, hotline, progress, install=install)
        await asyncio.to_thread(sweep, settings.folder.sounds, {*prompts.played, *in_use})
        language = hotline.languages[0]
        said = [(key, language) for key in ("fallback-apology", BUSY)]
        said += [("agent-code-away", each) for each in hotline.languages]
        clips = [prompts.catalogue.clip(spoken, phrase(key, spoken)) for key, spoken in said]
        apology, busy, *away = ((prompts.catalogue.played(clip) or clip).path for clip in clips)
        await shipped.music(settings.folder.sounds / "music")
        values = render_values(settings, secrets, hotline, installation, apology, busy, away)
        changed = await asyncio.to_thread(render.render, settings.asterisk_folder, values)
        await asyncio.to_thread(write_whole, settings.folder.timezone, hotline.timezone.encode())
    except ValidationError as error:
        raise NotDone(
            joined(
                Sentence(
                    "Asterisk's configuration: {where}: {why}",
                    where=".".join(map(str, problem["loc"])) or Sentence("all"),
                    why=recognised(problem.get("ctx", {}).get("error", problem["msg"])),
                )
                for problem in error.errors(include_input=False, include_url=False)
            )
        ) from None
    except FAILURES as error:
        raise NotDone(recognised(error)) from error
    return replace(prompts, changed=changed)


async def equip(settings: Settings, hotline: Hotline, progress: Progress) -> None:
    """Install what `make_prompts` would need, and make no prompt: root does this before it gives up root.

    A voice that cannot be installed is left to `make_prompts`, which reports it. Raises one of `FAILURES`.
    """
    catalogue, clips = await _needed(settings, hotline)
    voice, missing = catalogue.voice, [clip for clip in clips if not clip.built()]
    await asyncio.to_thread(tools.ensure, _programs(settings, missing), progress)
    if isinstance(voice, NaturalVoice) and _spoken(missing):
        with suppress(CompanionFailed):
            await voice.environment.make(progress)


async def make_prompts(settings: Settings, hotline: Hotline, progress: Progress, *, install: bool = True) -> Prepared:
    """Build the prompts that are missing. Raises one of `FAILURES`."""
    catalogue, clips = await _needed(settings, hotline)
    await asyncio.to_thread(note, clips)  # the daily sweep may run before they are in use
    missing = [clip for clip in clips if not clip.built()]
    await asyncio.to_thread(tools.ensure, _programs(settings, missing), progress)
    async with catalogue.voice:
        report = await build(catalogue, clips, _counted(progress), progress, install=install)
    return Prepared(catalogue, tuple(catalogue.played(clip) or clip for clip in clips), report)


async def _needed(settings: Settings, hotline: Hotline) -> tuple[Catalogue, list[Clip]]:
    """The catalogue, and every clip that the hotline may say."""
    catalogue = await asyncio.to_thread(
        Catalogue, settings.folder.sounds, hotline.prompts, hotline.languages, speaker(settings)
    )
    return catalogue, list(catalogue.needed(every_text(hotline)))


def _programs(settings: Settings, missing: Sequence[Clip]) -> dict[str, str]:
    """The programs that make these clips, as `SOUND_PROGRAMS`."""
    speaks = not settings.voice and _spoken(missing)
    return {name: SOUND_PROGRAMS[name] for name in SOUND_PROGRAMS if missing and (name != "espeak-ng" or speaks)}


def _spoken(missing: Sequence[Clip]) -> bool:
    """Whether a voice has to speak one of them."""
    return any(clip.recording is None and clip.shipped is None for clip in missing)


FAILURES = (NoSound, OSError, render.Unrenderable, tools.MissingTools)


def _plain(secrets: Secrets, hotline: Hotline) -> list[str]:
    """Every secret in plain text, so that the log can mask it."""
    phones = (secrets.phone_password(agent, written) for agent, written in hotline.phones.items())
    ours = (secrets.ami, secrets.ami_reload, secrets.agi, secrets.token)
    return [secret.get_secret_value() for secret in (*ours, *phones)]


def render_values(
    settings: Settings,
    secrets: Secrets,
    hotline: Hotline,
    installation: Installation | None,
    apology: Path,
    busy: Path | None = None,
    away: Sequence[Path] = (),
) -> render.RenderValues:
    """The values for the templates. `apology`: the clip that is played before the fallback is rung. `busy`: the clip
    for callers for whom there is no room. `away`: those for agents who dial a code while the service is away.

    Raises `pydantic.ValidationError` for a value that Asterisk cannot take.
    """
    remote = settings.asterisk
    if remote is not None:
        here = remote.host in ("127.0.0.1", "localhost")
        control = IPv4Address("127.0.0.1") if here else ANYWHERE
        modules_dir, data_dir, agi_host = remote.modules_dir, remote.data_dir, remote.agi_host
        # A remote Asterisk's modules are unknown here. Asterisk skips a missing module at its start, but phones must
        # not be offered Opus unless Asterisk can surely translate it.
        present = frozenset({*modules.NEEDED, *modules.OPTIONAL} - modules.OPUS)
    else:
        assert installation is not None, "without a remote Asterisk there is one on this machine"
        control, agi_host = IPv4Address("127.0.0.1"), "127.0.0.1"
        folder, present = settings.asterisk_folder, installation.modules
        modules_dir, data_dir = folder / MODULES_LINK, folder / DATA_LINK
    return render.RenderValues(
        listen=settings.phones_listen,
        web=settings.browsers_listen,
        media_address=settings.media_address,
        control=control,
        ports=settings.ports,
        certificate=settings.certificate,
        plain_network=settings.plain_network,
        phones_behind_nat=settings.phones_behind_nat,
        agi_host=agi_host,
        modules_dir=modules_dir,
        data_dir=data_dir,
        music=settings.folder.sounds / "music",
        modules=present,
        ami_secret=secrets.ami,
        agi_secret=secrets.agi,
        reload_secret=None if remote is None else secrets.ami_reload,
        numbers=hotline.numbers,
        languages=hotline.languages,
        agents={agent: secrets.phone_password(agent, written) for agent, written in hotline.phones.items()},
        extensions=tuple(hotline.extensions),
        sub_hotlines=tuple(hotline.sub_hotlines.values()),
        allowed=tuple(hotline.outside_numbers),
        fallback=None if hotline.fallback is None else hotline.sub_hotlines[hotline.fallback.sub_hotline],
        apology=apology.with_suffix(""),
        away=tuple(each.with_suffix("") for each in away),
        busy=None if busy is None else busy.with_suffix(""),
        trunk=settings.trunk,
        stands_by=settings.stand_by,
    )


def _counted(progress: Progress) -> Callable[[int, int], None]:
    """Report each tenth of the prompts."""
    reported = -1

    def count(done: int, total: int) -> None:
        nonlocal reported
        tenth = done * 10 // total
        if tenth > reported:
            reported = tenth
            progress(Sentence("building prompts: {done} of {total}", done=done, total=total))

    return count
