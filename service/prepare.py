"""Everything that must lie there before calls can be taken: the prompts, and Asterisk's configuration."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from pydantic import ValidationError

from dialplan import modules, render, tools
from dialplan.root import Installation
from hotline.model import Hotline
from service.log import hide
from service.secrets import Secrets
from service.settings import Settings
from sounds.build import BuildFailed, build
from sounds.catalogue import Catalogue
from sounds.model import Unsayable
from sounds.numbers import UnknownLanguage
from sounds.phrases import phrase
from sounds.programs import MissingProgram
from sounds.recordings import BadRecordings
from sounds.voice import BadVoice, voice

SOUND_PROGRAMS = {"espeak-ng": "espeak-ng", "sox": "sox"}
"""Program → Debian package: what builds the prompts."""

ANYWHERE = IPv4Address("0.0.0.0")  # noqa: S104 - AMI of an Asterisk on another machine, see docs/settings.md

Progress = Callable[[str], None]


class NotPrepared(Exception):
    """Prompts or configuration could not be made; what was there before is unchanged. The message says why."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """`catalogue` finds the prompts. `changed`: names of Asterisk's files that are new and wait for its reload.
    `warnings`: sentences, such as about a recording that no text uses."""

    catalogue: Catalogue
    changed: frozenset[str]
    warnings: tuple[str, ...]


async def prepare(
    settings: Settings, secrets: Secrets, hotline: Hotline, installation: Installation | None, progress: Progress
) -> Prepared:
    """Build the prompts that are missing, then render Asterisk's configuration.

    `installation`: this machine's Asterisk, None for a remote one. `secrets` has a password for every agent of
    `hotline`. Raises `NotPrepared`; files of prompts that were finished stay, the configuration is as it was.
    """
    hide(_plain(secrets, hotline))
    try:
        speaker = voice(settings.voice)
        prompts = hotline.folder / "prompts"
        catalogue = await asyncio.to_thread(
            Catalogue, settings.folder.sounds, prompts, hotline.languages, speaker.identity
        )
        clips = catalogue.needed(hotline.texts())
        if not all(clip.built() for clip in clips):
            needed = {
                name: SOUND_PROGRAMS[name] for name in SOUND_PROGRAMS if name != "espeak-ng" or not settings.voice
            }
            await asyncio.to_thread(tools.ensure, needed, progress)
        report = await build(clips, speaker, _counted(progress), recordings=catalogue.recordings)
        language = hotline.languages[0]
        apology = catalogue.clip(language, phrase("fallback-apology", language)).path
        values = render_values(settings, secrets, hotline, installation, apology)
        changed = await asyncio.to_thread(render.render, settings.asterisk_folder, values)
    except ValidationError as error:
        raise NotPrepared(
            "; ".join(
                f"Asterisk's configuration: {'.'.join(map(str, problem['loc'])) or 'all'}: {problem['msg']}"
                for problem in error.errors(include_input=False, include_url=False)
            )
        ) from None
    except _FAILURES as error:
        raise NotPrepared(str(error)) from error
    return Prepared(catalogue, changed, tuple(str(warning) for warning in report.warnings))


_FAILURES = (
    BadRecordings,
    BadVoice,
    BuildFailed,
    MissingProgram,
    OSError,
    render.Unrenderable,
    tools.MissingTools,
    UnknownLanguage,
    Unsayable,
)


def _plain(secrets: Secrets, hotline: Hotline) -> list[str]:
    """Every secret in the clear, for the mask of the log."""
    phones = (secrets.phone_password(agent) for agent in hotline.agents.values())
    ours = (secrets.ami, secrets.ami_reload, secrets.agi, secrets.token)
    return [secret.get_secret_value() for secret in (*ours, *phones)]


def render_values(
    settings: Settings, secrets: Secrets, hotline: Hotline, installation: Installation | None, apology: Path
) -> render.RenderValues:
    """What the templates are filled with. `apology`: the clip that is played before the fallback is rung.

    Raises `pydantic.ValidationError` for what Asterisk cannot take.
    """
    remote = settings.asterisk
    if remote is not None:
        listen = remote.listen or settings.listen
        here = remote.host in ("127.0.0.1", "localhost")
        control = IPv4Address("127.0.0.1") if here else ANYWHERE
        modules_dir, data_dir, agi_host = remote.modules_dir, remote.data_dir, remote.agi_host
        # Its modules are not seen from here. One that is missing there is passed over when Asterisk starts, but phones
        # must not be offered Opus unless it is known to be translated.
        present = frozenset({*modules.NEEDED, *modules.OPTIONAL} - modules.OPUS)
    else:
        assert installation is not None, "without a remote Asterisk there is one on this machine"
        listen, control, agi_host = settings.listen, IPv4Address("127.0.0.1"), "127.0.0.1"
        modules_dir, data_dir, present = installation.modules_dir, installation.data_dir, installation.modules
    trunk = settings.trunk
    return render.RenderValues(
        listen=listen,
        control=control,
        ports=settings.ports,
        agi_host=agi_host,
        modules_dir=modules_dir,
        data_dir=data_dir,
        music=data_dir / "moh",
        modules=present,
        ami_secret=secrets.ami,
        agi_secret=secrets.agi,
        reload_secret=None if remote is None else secrets.ami_reload,
        numbers=hotline.numbers,
        languages=hotline.languages,
        agents=tuple(
            render.AgentPhone(id=agent.id, password=secrets.phone_password(agent)) for agent in hotline.agents.values()
        ),
        queue_extensions=tuple(queue.extension for queue in hotline.queues.values() if queue.extension is not None),
        sub_hotlines=tuple(
            render.Line(id=line.id, dial=line.dial, ring=line.ring) for line in hotline.sub_hotlines.values()
        ),
        fallback=None if hotline.fallback is None else hotline.fallback.sub_hotline,
        apology=apology.with_suffix(""),
        trunk=None if trunk is None else render.Trunk(**trunk.model_dump(by_alias=True)),
    )


def _counted(progress: Progress) -> Callable[[int, int], None]:
    """Tell of every tenth part of the prompts."""
    told = -1

    def count(done: int, total: int) -> None:
        nonlocal told
        tenth = done * 10 // total
        if tenth > told:
            told = tenth
            progress(f"building prompts: {done} of {total}")

    return count
