"""Asterisk's configuration, rendered from the templates in asterisk-config/.

Values come from a hotline's YAML and from settings, and are hostile until shown otherwise: every field has a pattern,
and every value that a template writes is checked once more.
"""

import math
import os
import re
import tempfile
from collections.abc import Mapping
from functools import cache, partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from agents.model import AgentId
from agents.states import CODES, EMERGENCY_CODE, RECORDING_CODE
from base.folders import ASTERISK_FOLDERS
from dialplan.phones import browser_of
from hotline.model import Number, SubHotline
from processes import modules
from sentences.sentence import Sentence
from settings.ports import Ports
from settings.sections import Host, Trunk, checked_secret

TEMPLATES = Path(__file__).resolve().parent.parent / "asterisk-config"
NUMBER_GONE = "i"
"""Asterisk's extension for a channel whose own extension was removed from the dialplan: a number, or a queue with its
extension, was taken out of the hotline during the call. Without it Asterisk would hang up the caller."""
STILL = "still.sln"
"""A sound of 20 ms of silence, signed linear: what a caller hears first in a talk. See extensions.conf."""
SILENCE = "silence.sln"
"""A sound of 10 s of silence, for the far half of a test call. See extensions.conf."""
TONE, HERTZ, SECONDS, LOUDNESS = "tone.sln", 1_400, 0.6, 6_000
"""The sign that somebody listens, where the hotline has no words for it: a tone of that pitch, length and amplitude."""
AGI_SECRET = "agi-secret"  # noqa: S105 - its name
"""The file with the secret of AGI sessions: no configuration, so Asterisk shows it nowhere."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f;\[\]\\\"]|\$\{|\$\[")
_ADDRESS = re.compile(r"[0-9.]+(/[0-9]{1,2})?|localhost")
_AGI_SECRET = re.compile(r"[A-Za-z0-9_-]{12,128}")
_PATH = re.compile(r"/[^\x00-\x1f\x7f;\[\]\\\"$<>|&,]*")

Secret = Annotated[SecretStr, AfterValidator(checked_secret)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Unrenderable(Exception):
    """A value would be read by Asterisk as configuration. The message names the file and shows the value."""


class RenderValues(BaseModel):
    """All that the templates say.

    Phones come in at `listen`, browsers at `web` (None: at `listen`). Both send their audio to `media_address` (None:
    to `listen`).
    `control` is where AMI listens, and `agi_host` where the service answers AGI. `certificate`: the files of
    certificate and key, None: nothing is encrypted; `plain_network`: phones need not encrypt all the same.
    `phones_behind_nat`: a phone's audio may come from elsewhere than its SDP says, and goes there. `modules` names
    those in `modules_dir`, `data_dir` is Asterisk's own data, `music` a folder of audio files. `numbers` are the
    hotline's; `extensions` those of queues and sub-hotlines. `agents`: passwords of phones. `fallback` is the
    sub-hotline that takes calls when the service does not come back. `apology` is played before that, `busy` to a
    caller for whom there is no room: sound files without their extensions, None for nothing. `away`: what an agent
    hears who dials a code while the service is away, once in each language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    listen: IPv4Address = IPv4Address("127.0.0.1")
    web: IPv4Address | None = None
    media_address: IPv4Address | None = None
    control: IPv4Address = IPv4Address("127.0.0.1")
    ports: Ports = Ports()
    certificate: tuple[Path, Path] | None = None
    plain_network: bool = False
    phones_behind_nat: bool = False
    agi_host: Host = "127.0.0.1"
    modules_dir: Path
    data_dir: Path
    music: Path
    modules: frozenset[str]
    ami_secret: Secret
    agi_secret: SecretStr
    """In a file of its own, for Asterisk: from it the dialplan makes the proof of each AGI session
    (`agi_session.proof`).
    """
    reload_secret: Secret | None = None
    """For the second AMI account, `wutong-reload`, that a service with a remote Asterisk needs."""
    numbers: Annotated[tuple[Number, ...], Field(min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    agents: Mapping[AgentId, Secret] = {}
    extensions: tuple[AgentId, ...] = ()
    sub_hotlines: tuple[SubHotline, ...] = ()
    allowed: tuple[Number, ...] = ()
    """Numbers outside that agents may call."""
    fallback: SubHotline | None = None
    apology: Path | None = None
    busy: Path | None = None
    away: tuple[Path, ...] = ()
    trunk: Trunk | None = None
    stands_by: bool = False
    """Whether the service may say that another machine takes a call."""
    tries: Annotated[int, Field(ge=1, le=600)] = 30
    """How often, about once a second, the dialplan calls the service before it gives a call to the fallback."""

    @field_validator("agi_secret")
    @classmethod
    def _plain_secret(cls, secret: SecretStr) -> SecretStr:
        if not _AGI_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError(Sentence("an AGI secret is 12 to 128 letters, digits, _ and -"))
        return secret

    @field_validator("modules_dir", "data_dir", "music", "apology", "busy")
    @classmethod
    def _plain_path(cls, path: Path | None) -> Path | None:
        return None if path is None else checked_path(path)

    @field_validator("certificate", "away")
    @classmethod
    def _plain_paths(cls, files: tuple[Path, ...] | None) -> tuple[Path, ...] | None:
        return None if files is None else tuple(map(checked_path, files))

    @property
    def media(self) -> IPv4Address:
        """The address in SDP."""
        return self.media_address or self.listen

    @property
    def browsers(self) -> IPv4Address:
        """Where the WebSocket is."""
        return self.web or self.listen

    @property
    def plain(self) -> bool:
        """Whether SIP is served without encryption, too."""
        return self.certificate is None or self.plain_network or self.listen.is_loopback

    @property
    def anonymous(self) -> bool:
        """Whether calls without a password are citizens' calls: only on loopback, only without a trunk."""
        return self.listen.is_loopback and self.trunk is None

    @property
    def behind_nat(self) -> bool:
        """Whether anybody's audio may come from another address than the SDP says: Asterisk learns it for all alike."""
        return self.phones_behind_nat or (self.trunk is not None and self.trunk.behind_nat)

    @property
    def names(self) -> bool:
        """Whether Asterisk needs a name server: the trunk, or where AGI is answered, is given by name."""
        hosts = (self.agi_host, *((self.trunk.host, *self.trunk.sources) if self.trunk is not None else ()))
        return not all(_ADDRESS.fullmatch(host) for host in hosts)

    @property
    def opus(self) -> bool:
        """Whether this Asterisk can translate Opus."""
        return not modules.OPUS.isdisjoint(self.modules)

    @property
    def to_load(self) -> list[str]:
        """For modules.conf."""
        return modules.to_load(self.modules)

    @property
    def outside_numbers(self) -> list[str]:
        """Numbers of sub-hotlines that are neither agents, queues nor our own, and those that agents may call: they go
        through the trunk.
        """
        ours = {*self.numbers, *self.extensions, *self.agents}
        return sorted({*(line.dial for line in self.sub_hotlines), *self.allowed} - ours)

    @property
    def fallback_dial(self) -> str | None:
        """The fallback's number, or None when there is no way to it."""
        if self.fallback is None or (self.fallback.dial not in self.agents and self.trunk is None):
            return None
        return self.fallback.dial

    @property
    def served(self) -> list[tuple[str, str, bool]]:
        """Every extension at which the service serves: number, context, and whether it is a phone's."""
        outside = self.outside_numbers if self.trunk is not None else ()
        return [
            *((number, "wutong-citizen", False) for number in (*self.numbers, NUMBER_GONE)),
            *((extension, "wutong-transfer", False) for extension in self.extensions),
            *((phone, "wutong-transfer", True) for phone in (*self.agents, *outside)),
        ]


def checked_path(path: Path) -> Path:
    """`path`, if it is absolute and Asterisk reads it as a path and nothing else; ValueError if not."""
    if not _PATH.fullmatch(str(path)):
        raise ValueError(
            Sentence(
                '{path!r}: use an absolute path without ; [ ] \\ " $ < > | & , and control characters', path=str(path)
            )
        )
    return path


@cache
def _environment() -> Environment:
    """One: it keeps the templates that it has compiled, which takes longer than to render them."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - not HTML; _guarded refuses what these files would read as syntax
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_guarded,
    )


def rendered(folder: Path, values: RenderValues) -> dict[str, str]:
    """Name and content of every configuration file of the Asterisk that lives in `folder`. Writes nothing.

    Raises `Unrenderable` for a value that would be read as configuration.
    """
    environment = _environment()
    texts: dict[str, str] = {STILL: "\0" * 320, SILENCE: "\0" * 160_000, TONE: _tone()}
    texts[AGI_SECRET] = values.agi_secret.get_secret_value()
    for template in sorted(TEMPLATES.glob("*.j2")):
        try:
            text = environment.get_template(template.name).render(
                folder=checked_path(folder),
                v=values,
                codes=(*CODES, RECORDING_CODE, EMERGENCY_CODE),
                browser=browser_of,
                agi_secret=AGI_SECRET,
            )
        except Unrenderable as error:
            raise Unrenderable(Sentence("{file}: {why}", file=template.stem, why=str(error))) from None
        texts[template.stem] = text
    return texts


def render(folder: Path, values: RenderValues) -> frozenset[str]:
    """Write `folder`/etc and the other folders of an Asterisk that lives in `folder`.

    Whole or not at all: everything is rendered, then everything written beside its target, then moved there. There are
    secrets in it: folders that are made here are 0700, and files 0600, or 0640 where `etc` is open to its group, which
    is then Asterisk's user. Returns the names of the files that changed.
    """
    texts = rendered(folder, values)
    for name in ("", *ASTERISK_FOLDERS):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    etc = folder / "etc"
    changed = [name for name, text in texts.items() if _content(etc / name) != text]
    mode = 0o600 | (etc.stat().st_mode & 0o040)
    with tempfile.TemporaryDirectory(prefix=".", dir=etc) as draft:
        for name in changed:
            _write(Path(draft, name), texts[name], mode)
        for name in changed:
            os.replace(Path(draft, name), etc / name)
    return frozenset(changed)


def _tone() -> str:
    """As signed linear, 8,000 samples a second; its bytes as a text that `_write` writes as they are."""
    turn = 2 * math.pi * HERTZ / 8_000
    samples = (round(LOUDNESS * math.sin(turn * index)) for index in range(round(8_000 * SECONDS)))
    return b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples).decode(errors="surrogateescape")


def _guarded(value: Any) -> Any:
    """What a template may write: text without anything that Asterisk's files would take for syntax."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    if _UNSAFE.search(text):
        shown = Sentence("a secret") if isinstance(value, SecretStr) else repr(text[:80])
        raise Unrenderable(Sentence("{value} has a character that Asterisk would read as configuration", value=shown))
    return text


def _content(path: Path) -> str | None:
    try:
        return path.read_bytes().decode(errors="surrogateescape")
    except FileNotFoundError:
        return None


def _write(path: Path, text: str, mode: int) -> None:
    """To the disk: after a power cut there must be no file without its text."""
    with open(path, "wb", opener=partial(os.open, mode=0o600)) as file:
        os.fchmod(file.fileno(), mode)  # whatever the umask is
        file.write(text.encode(errors="surrogateescape"))
        file.flush()
        os.fsync(file.fileno())
