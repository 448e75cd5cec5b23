"""Every setting, in one table.

The first source that has a setting wins: the command line, the environment (`WUTONG_…`, nested with `__`), files in
`/run/secrets` (as containers get them) and `$CREDENTIALS_DIRECTORY` (systemd), `/etc/wutong/settings.toml`,
`settings.toml` in the state folder. Which of them root follows: `settings.trust`.
"""

import os
import re
from collections.abc import Collection
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pyrage import RecipientError
from pyrage.x25519 import Recipient

from base.folders import SAMPLE_HOTLINE, StateFolder, default_state, state_folder
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from settings import trust
from settings.ports import Ports
from settings.sections import (
    DailySheet,
    EmergencySettings,
    Host,
    Network,
    OpenId,
    Reports,
    SelftestSettings,
    Trunk,
    printable,
    socket_address,
)
from sounds.voices import DEFAULTS, PACE, PACES, names

OPTIONS = {"state": "--state", "hotline": "--hotline", "listen": "--listen", "base_port": "--ports"}
"""Settings that the command line can give."""

PREFIX = "WUTONG_"
"""Of the variables that give settings."""

SYSTEM_FILE = Path("/etc/wutong/settings.toml")
"""For every hotline of this machine. It is root's, as what stands in the state folder is not."""

SECRETS_FOLDER = Path("/run/secrets")
"""Container engines put secrets there as files: `wutong_token` is the setting `token`."""


def secret_folders() -> list[Path]:
    """The folders to search for secrets, systemd's first: systemd.exec(5), under Credentials."""
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    folders = [SECRETS_FOLDER] if not given else [Path(given), SECRETS_FOLDER]
    return [folder for folder in folders if folder.is_dir()]


def _absolute(path: str | Path) -> Path:
    return Path(path).expanduser().absolute()


def _by_one_name(path: str | Path) -> Path:
    """The absolute path without `..`: versions are known by their hotline's folder, wherever a command is given."""
    folder = _absolute(path)
    return folder.resolve() if ".." in folder.parts else folder


Folder = Annotated[Path, BeforeValidator(_absolute)]

_WITHOUT_PASSWORD = re.compile(r"(postgres[a-z+]*://[^:@/]+)@(.*)")


def _database(url: SecretStr) -> SecretStr:
    """Refuse a URL that nothing could use, before anything starts; `journal.database` checks the rest."""
    if not re.match(r"(postgres(ql)?(\+asyncpg)?://.|sqlite(\+aiosqlite)?:///.)", url.get_secret_value()):
        raise ValueError(Sentence("has to be postgresql://USER:PASSWORD@HOST/NAME, or sqlite:////var/lib/wutong.db"))
    return url


class RemoteAsterisk(BaseModel):
    """An Asterisk that somebody else runs, such as another container."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Host = Field(description="Name or address under which the service reaches this Asterisk.")
    folder: Folder = Field(
        description="Folder, at the same path here and there, into which that Asterisk's configuration is rendered."
    )
    agi_host: Host = Field(
        default="127.0.0.1", description="Name or address under which that Asterisk reaches the service's AGI port."
    )
    listen: IPv4Address | None = Field(
        default=None, description="Address on which that Asterisk serves phones; left out: the setting `listen`."
    )
    modules_dir: Folder = Field(
        default=Path("/usr/lib/asterisk/modules"), description="Folder of that Asterisk's modules, as it sees it."
    )
    data_dir: Folder = Field(
        default=Path("/usr/share/asterisk"), description="Folder of that Asterisk's own data, as it sees it."
    )


def _named(language: str) -> BeforeValidator:
    """Accept the name of a voice that speaks `language`."""

    def check(name: object) -> object:
        if name not in names(language):
            raise ValueError(
                Sentence(
                    "has to be one of {names}: ./wutong prompts voices lists them", names=", ".join(names(language))
                )
            )
        return name

    return BeforeValidator(check)


class Voices(BaseModel):
    """The voices for texts without a recording. `./wutong prompts voices` lists them and plays a sample of each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Annotated[str, _named("zh")] = Field(default=DEFAULTS["zh"], description="Name of the voice for Chinese.")
    en: Annotated[str, _named("en")] = Field(default=DEFAULTS["en"], description="Name of the voice for English.")
    pace: Annotated[float, Field(ge=PACES[0], le=PACES[1])] = Field(
        default=PACE, description="How fast they speak, 0.7 to 1.3; 1 is the voice's own pace."
    )
    fetch: bool = Field(
        default=True,
        description="Whether `up` fetches them in the background, once (113 MB), if no text needs them yet.",
    )


Days = Annotated[int, Field(ge=1, le=36_500)]


class Keep(BaseModel):
    """How long data about callers is kept: docs/privacy.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers_days: Days = Field(default=90, description="Days for which the caller's number of a call is kept.")
    stories_days: Days = Field(
        default=365,
        description="Days for which a call's steps in the menus are kept: what the caller heard and pressed.",
    )
    figures_days: Days = Field(
        default=1_095,
        description="Days for which figures are kept, without the number: queue, agent, outcome, times, waits.",
    )
    messages_days: Days = Field(
        default=90,
        description="Days for which a message that a caller has left is kept if nobody finishes it; `numbers_days` at "
        "most.",
    )
    recordings_days: Days = Field(
        default=90, description="Days for which recordings of talks are kept; `numbers_days` at most."
    )
    test_recordings_days: Days = Field(
        default=7,
        description="Days for which recordings of test calls, and unfinished ones of `*90`, are kept if nobody fetches "
        "them.",
    )
    snapshots_days: Annotated[int, Field(ge=2, le=36_500)] = Field(
        default=7,
        description="Days for which the database keeps states of the service with its live calls; a start without the "
        "folder spool/ needs the newest.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Keep":
        if not self.numbers_days <= self.stories_days <= self.figures_days:
            raise ValueError(
                Sentence("numbers_days may not be more than stories_days, nor stories_days more than figures_days")
            )
        return self


def _public_key(key: str) -> str:
    """Refuse what nothing can be encrypted for, before anything starts."""
    try:
        return str(Recipient.from_str(key))
    except RecipientError:
        raise ValueError(Sentence("has to be a public key of age: age1…, which age-keygen says")) from None


class RecordingSettings(BaseModel):
    """Recordings of talks, encrypted: docs/recordings.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipients: Annotated[tuple[Annotated[str, AfterValidator(_public_key)], ...], Field(max_length=20)] = Field(
        default=(),
        description="Public keys of age for which recordings are encrypted, each can open them; left out: they are "
        "kept as they are.",
    )
    identities: Folder | None = Field(
        default=None,
        description="File with the secret keys, as age-keygen writes it, one a line; left out: encrypted recordings "
        "cannot be heard here.",
    )


class Settings(BaseSettings):
    """The settings of one hotline. Immutable; a process reads them once."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid")

    state: Folder = Field(
        default_factory=default_state,
        description="State folder: database, secrets, logs, built prompts, Asterisk's files.",
    )
    hotline: Annotated[Path, BeforeValidator(_by_one_name)] = Field(
        default=SAMPLE_HOTLINE, description="Hotline folder: hotline.yaml, agents.yaml and prompts/."
    )
    base_port: Annotated[int, Field(ge=1024, le=60_536)] | None = Field(
        default=None,
        description="First of five ports in a row (http, sip, ami, agi, Asterisk's http), audio from B+1000 to B+4999; "
        "left out: 8080, 5060, 5038, 4573, 8088, audio 10000 to 13999. With a certificate also 5061, or B+999, for SIP "
        "over TLS.",
    )
    listen: IPv4Address = Field(
        default=IPv4Address("127.0.0.1"),
        description="Address on which phones and HTTP are served. AMI and AGI stay on loopback unless Asterisk is "
        "remote.",
    )
    http_listen: IPv4Address | None = Field(
        default=None,
        description="Address for browsers (HTTP, and Asterisk's WebSocket), 127.0.0.1 behind a reverse proxy; "
        "left out: `listen`.",
    )
    media_address: IPv4Address | None = Field(
        default=None,
        description="Address of this machine to which phones send their audio; left out: `listen`. Must be given if "
        "that is 0.0.0.0.",
    )
    tls_certificate: Folder | None = Field(
        default=None,
        description="PEM file with the certificate, then the intermediate ones. With it HTTP, Asterisk's WebSocket and "
        "phones are served over TLS, see docs/network.md.",
    )
    tls_key: Folder | None = Field(
        default=None, description="PEM file with the key of `tls_certificate`; left out: it is in the same file."
    )
    plain_network: bool = Field(
        default=False,
        description="Whether to serve beyond loopback also without encryption. Anybody on the way can then hear talks "
        "and read the token and callers' numbers: only for a network of your own.",
    )
    phones_behind_nat: bool = Field(
        default=False,
        description="Whether phones may send audio from another address than they name, and get their audio there. "
        "Then a stranger can get a call's audio, see docs/security.md.",
    )
    asterisk: RemoteAsterisk | None = Field(
        default=None, description="An Asterisk elsewhere; left out: one on this machine that `up` starts."
    )
    trunk: Trunk | None = Field(
        default=None, description="The line to the telephone network; left out: calls come from this machine only."
    )
    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = Field(
        default=None,
        description="postgresql://user:password@host/name, or several servers as host1,host2; left out: "
        "SQLite in the state folder.",
    )
    spool_limit: Annotated[int, Field(ge=64 * 1024**2)] = Field(
        default=1024**3,
        description="Bytes that the folder spool/ may have: Records wait there while the database is away.",
    )
    database_password: SecretStr | None = Field(
        default=None, description="Password for a `database_url` that names a user and no password."
    )
    token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Bearer token of the HTTP interface, 16 characters or more; left out: one is generated.",
    )
    voice: str = Field(
        default="",
        description="Command line that speaks a text into a file, see docs/prompts.md; empty: the natural voice.",
    )
    voices: Voices = Field(
        default=Voices(), description="Which natural voices speak, and how fast; no effect if `voice` is set."
    )
    node: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,40}$")] = Field(
        default="local",
        description="Name of this service and its Asterisk, in the ids of rings and in the database: letters, digits, "
        "`.` and `-`, 40 at most.",
    )
    stand_by: Annotated[bool, Field(validate_default=True)] = Field(
        default=False,
        description="Whether this is one of several machines with the same database: one leads, the others stand by "
        "and take over, see docs/several-machines.md. Needs a `database_url` of PostgreSQL, and a `node` of its own.",
    )
    node_address: Annotated[str, AfterValidator(socket_address)] | None = Field(
        default=None,
        description="IPv4 address and UDP port of this machine for the others, such as 192.0.2.11:5070. With it on all "
        "machines the leader goes on while PostgreSQL is away, see docs/several-machines.md. Needs `stand_by`.",
    )
    max_calls: Annotated[int, Field(ge=1, le=2_000)] = Field(
        default=500,
        description="Calls at the same time. Further callers go to the hotline's fallback, or hear at once that all "
        "lines are busy.",
    )
    max_calls_per_number: Annotated[int, Field(ge=1, le=2_000)] = Field(
        default=20, description="Calls at the same time from one caller's number; a further one gets the busy tone."
    )
    max_calls_per_address: Annotated[int, Field(ge=1, le=2_000)] = Field(
        default=100,
        description="Calls at the same time from one address, where phones without an account may call (on loopback, "
        "without a trunk); a further one gets the busy tone.",
    )
    separate_users: bool = Field(
        default=True,
        description="Whether `up` as root runs the service as user wutong and Asterisk as wutong-asterisk; false: both "
        "as root. `serve` refuses to be root, unless this is false.",
    )
    host_names: Annotated[tuple[Host, ...], Field(max_length=50)] = Field(
        default=(),
        description="Names under which HTTP is reached, such as a proxy's. Addresses and localhost always count; a "
        "request for another name is refused.",
    )
    proxies: Annotated[tuple[Network, ...], Field(max_length=50)] = Field(
        default=(),
        description="Addresses or networks of HTTP proxies before Wutong. Their X-Forwarded-For and X-Forwarded-Proto "
        "are believed: the visitor's address, and whether the visitor uses TLS.",
    )
    session_idle: Annotated[float, Field(ge=60, le=604_800)] = Field(
        default=1_800, description="Seconds without a request after which a person is signed out."
    )
    session_longest: Annotated[float, Field(ge=60, le=2_592_000)] = Field(
        default=43_200, description="Seconds after which a person has to sign in again."
    )
    openid: OpenId | None = Field(
        default=None, description="The city's own sign-in, see docs/people.md; left out: people sign in here only."
    )
    openid_client_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="Our secret at the provider, for a table `openid` without `client_secret`.",
    )
    audit_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        default=365, description="Days for which the audit is kept."
    )
    keep: Keep = Field(default=Keep(), description="How long data about callers is kept: days, a table of its own.")
    recordings: RecordingSettings = Field(
        default=RecordingSettings(), description="Whether recordings of talks are encrypted: a table of its own."
    )
    reports: Reports = Field(default=Reports(), description="How reports reckon, a table of its own.")
    daily_sheet: DailySheet | None = Field(
        default=None, description="The daily sheet by mail, a table of its own; left out: nobody is mailed."
    )
    daily_sheet_password: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="Our password at the mail server, for a table `daily_sheet` with a `user`.",
    )
    selftest: SelftestSettings = Field(
        default=SelftestSettings(), description="When the hotline calls itself each night: a table of its own."
    )
    emergency: EmergencySettings = Field(
        default=EmergencySettings(), description="How long an emergency message is on: hours, a table of its own."
    )
    started_again: bool = Field(
        default=False,
        description="Whether something other than `up` and systemd restarts an ended service, such as Docker.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level of the messages in log/service.log."
    )

    @field_validator("database_password")
    @classmethod
    def _put_into_url(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """Complete `database_url`: opening the database needs nothing else."""
        url: SecretStr | None = info.data.get("database_url")
        if password is not None and "database_url" in info.data:
            parts = None if url is None else _WITHOUT_PASSWORD.fullmatch(url.get_secret_value())
            if parts is None:
                raise ValueError(
                    Sentence("is for a database_url with a user and no password: postgresql://wutong@127.0.0.1/wutong")
                )
            whole = f"{parts[1]}:{quote(password.get_secret_value(), safe='')}@{parts[2]}"
            info.data["database_url"] = SecretStr(whole)
        return password

    @field_validator("stand_by")
    @classmethod
    def _can_stand_by(cls, on: bool, info: ValidationInfo) -> bool:
        """Machines find each other in PostgreSQL, by their names."""
        if on and "database_url" in info.data and "node" in info.data:
            url: SecretStr | None = info.data["database_url"]
            if url is None or not url.get_secret_value().startswith("postgres"):
                raise ValueError(Sentence("needs PostgreSQL, the same for all machines: set database_url"))
            if info.data["node"] == "local":
                raise ValueError(Sentence('needs a name of this machine\'s own: set node, such as node = "north"'))
        return on

    @field_validator("node_address")
    @classmethod
    def _of_several(cls, address: str | None, info: ValidationInfo) -> str | None:
        """One machine alone has nobody to talk with."""
        if address is not None and not info.data.get("stand_by", True):
            raise ValueError(Sentence("is for machines that stand by for each other: set stand_by = true"))
        return address

    @field_validator("daily_sheet_password")
    @classmethod
    def _of_user(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """A password without a user, or the other way round, is a mistake."""
        sheet: DailySheet | None = info.data.get("daily_sheet")
        if "daily_sheet" in info.data and (password is None) != (sheet is None or sheet.user is None):
            raise ValueError(Sentence("is needed if daily_sheet.user is set, and only then"))
        if password is not None:
            printable(password.get_secret_value())
        return password

    @field_validator("openid_client_secret")
    @classmethod
    def _put_into_openid(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """Complete `openid`: asking the provider needs nothing else."""
        openid: OpenId | None = info.data.get("openid")
        if openid is None:
            if secret is not None and "openid" in info.data:
                raise ValueError(Sentence("is for a table openid"))
        elif (openid.client_secret is None) == (secret is None):
            raise ValueError(Sentence("or openid.client_secret must be given, and not both"))
        elif secret is not None:
            info.data["openid"] = openid.model_copy(update={"client_secret": secret})
        return secret

    def as_options(self, names: Collection[str]) -> list[str]:
        """Those of these settings that `OPTIONS` has, for the command line of another process."""
        given = {option: getattr(self, name) for name, option in OPTIONS.items() if name in names}
        return [word for option, value in given.items() if value is not None for word in (option, str(value))]

    @property
    def folder(self) -> StateFolder:
        return StateFolder(self.state)

    @property
    def database(self) -> Path | str:
        """For `journal.database.open`: a URL, or the file in the state folder."""
        return self.database_url.get_secret_value() if self.database_url else self.folder.database

    @property
    def asterisk_folder(self) -> Path:
        """Where Asterisk's configuration is rendered to."""
        return self.folder.asterisk if self.asterisk is None else self.asterisk.folder

    @property
    def ami_host(self) -> str:
        """Where the service reaches AMI."""
        return "127.0.0.1" if self.asterisk is None else self.asterisk.host

    @property
    def agi_listen(self) -> IPv4Address:
        """Where the service listens for AGI: on loopback, unless a remote Asterisk must reach it."""
        here = self.asterisk is None or self.asterisk.agi_host in ("127.0.0.1", "localhost")
        return IPv4Address("127.0.0.1" if here else "0.0.0.0")  # noqa: S104 - the administrator named another host

    @property
    def phones_listen(self) -> IPv4Address:
        """Where Asterisk serves phones."""
        return (self.asterisk.listen if self.asterisk is not None else None) or self.listen

    @property
    def browsers_listen(self) -> IPv4Address:
        """Where Asterisk takes phones in a browser: beside HTTP, unless Asterisk has an address of its own."""
        own = self.asterisk.listen if self.asterisk is not None else None
        return own or self.web_listen

    @property
    def web_listen(self) -> IPv4Address:
        """Where the service serves HTTP."""
        return self.http_listen or self.listen

    @property
    def exposed(self) -> bool:
        """Whether phones or HTTP are served beyond loopback."""
        return not (self.phones_listen.is_loopback and self.web_listen.is_loopback)

    @property
    def certificate(self) -> tuple[Path, Path] | None:
        """The files of certificate and key; None: nothing is served over TLS."""
        if self.tls_certificate is None:
            return None
        return self.tls_certificate, self.tls_key or self.tls_certificate

    @property
    def ports(self) -> Ports:
        return Ports.from_base(self.base_port)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        own = state_folder(init_settings().get("state")).settings
        # Each is asked once: to look for every setting in the environment takes ten milliseconds.
        asked = [env_settings] if any(name.upper().startswith(PREFIX) for name in os.environ) else []
        asked += [SecretsSettingsSource(settings_cls, folder) for folder in secret_folders()]
        elsewhere = (init_settings, *(InitSettingsSource(settings_cls, source()) for source in asked))
        files = {file: _from_file(settings_cls, file) for file in (SYSTEM_FILE, own)}
        trust.check(elsewhere, files)
        return (*elsewhere, *files.values())


def _from_file(settings_cls: type[BaseSettings], file: Path) -> TomlConfigSettingsSource:
    """The settings in a TOML file. Raises ValueError."""
    try:
        source = TomlConfigSettingsSource(settings_cls, file)
    except ValueError as error:  # not TOML, or not UTF-8
        raise ValueError(Sentence("{file}: {why}", file=file, why=recognised(error))) from None
    if "state" in source():
        raise ValueError(
            Sentence("{file}: the state folder cannot be named in a file: give --state, or set WUTONG_STATE", file=file)
        )
    return source


def load(**given: Any) -> Settings:
    """Settings from all sources; `given` are those of the command line, None where left out.

    Raises `pydantic.ValidationError`, ValueError (also `trust.Untrusted`), OSError; `commands.mistakes` has the
    sentences.
    """
    return Settings(**{name: value for name, value in given.items() if value is not None})
