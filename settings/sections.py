"""Sections of the settings: the line to the telephone network, emergency messages, a city's own sign-in."""

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from base.phone_passwords import PASSWORD, PASSWORD_RULE
from base.role import Role
from sentences.sentence import Sentence

Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]


def socket_address(written: str) -> str:
    """`192.0.2.11:5070`: an address that others can reach, and a port. Raises ValueError."""
    host, _, port = written.rpartition(":")
    try:
        address = IPv4Address(host)
    except AddressValueError:
        address = None
    reachable = address is not None and not (address.is_unspecified or address.is_multicast)
    if not reachable or not (port.isascii() and port.isdigit()) or not 1 <= int(port) <= 65_535:
        raise ValueError(Sentence("has to be an IPv4 address of this machine and a port, such as 192.0.2.11:5070"))
    return f"{address}:{int(port)}"


Network = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,253}(/[0-9]{1,2})?$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


def _word(user: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~!@^&*+/-]{1,128}", user):
        raise ValueError(Sentence("has to be 1 to 128 letters, digits or . _ ~ ! @ ^ & * + / -"))
    return user


def checked_secret(secret: SecretStr) -> SecretStr:
    """A password that Asterisk's files can hold."""
    if not PASSWORD.fullmatch(secret.get_secret_value()):
        raise ValueError(Sentence("has to be {rule}", rule=PASSWORD_RULE))
    return secret


class Trunk(BaseModel):
    """The line to the telephone network. docs/trunk.md shows one of each kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Host = Field(description="The provider's SIP server.")
    port: Port = Field(default=5060, description="UDP port of the provider's SIP server.")
    user: Annotated[str, AfterValidator(_word)] | None = Field(
        default=None, description="User name at the provider; left out: the provider knows us by our address."
    )
    password: Annotated[SecretStr, AfterValidator(checked_secret)] | None = Field(
        default=None, description="Password that belongs to `user`."
    )
    register_: bool = Field(
        default=False, alias="register", description="Whether to register at the provider, so that calls reach us."
    )
    match: tuple[Network, ...] = Field(
        default=(),
        description="Addresses, networks (CIDR) or names that the provider calls from; left out: `host`.",
    )
    asserted: bool = Field(
        default=False,
        description="Whether the provider's P-Asserted-Identity is the caller's number; else it is ignored.",
    )
    behind_nat: bool = Field(
        default=False,
        description="Whether the provider's audio may come from another address than it names, and ours goes there.",
    )
    bind: IPv4Address = Field(description="Our own address on the provider's side, for signalling and audio.")
    bind_port: Port = Field(default=5070, description="Our own UDP port on the provider's side; not the phones' port.")

    @model_validator(mode="after")
    def _credentials(self) -> "Trunk":
        if (self.user is None) != (self.password is None):
            raise ValueError(Sentence("needs both user and password, or neither"))
        if self.register_ and self.user is None:
            raise ValueError(Sentence("needs user and password to register"))
        return self

    @property
    def shows_at(self) -> str:
        """The host that is asked to show the hotline's number (P-Preferred-Identity), as From names `user`; "": From
        has the number.
        """
        return self.host if self.user else ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Where its calls come from."""
        return self.match or (self.host,)


# The settings of emergency messages.


_LONGEST = 168


class EmergencySettings(BaseModel):
    """How long an emergency message is on: docs/emergency.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: Annotated[float, Field(ge=0.25, le=_LONGEST)] = Field(
        default=4, description="Hours that an emergency message is on if nobody says until when."
    )
    most_hours: Annotated[float, Field(ge=1, le=_LONGEST)] = Field(  # a phone's keys say whole hours
        default=24, description="Hours that an emergency message is on at most; after that somebody has to renew it."
    )

    @model_validator(mode="after")
    def _in_order(self) -> "EmergencySettings":
        if self.hours > self.most_hours:
            raise ValueError(Sentence("hours may not be more than most_hours"))
        return self


# The settings of a city's own sign-in.


LOOPBACK = ("localhost", "127.0.0.1", "::1")
CALLBACK = "/api/v1/session/openid/callback"


def secure(url: str) -> str:
    """The URL. Raises ValueError where anybody on the way could read or change what is sent there."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError(Sentence("has to be a URL: https://login.example.org"))
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(Sentence("has to begin with https://; http is for loopback only"))
    if parts.username is not None or parts.fragment:
        raise ValueError(Sentence("may have neither a user nor a fragment"))
    return url


def _callback(url: str) -> str:
    if urlsplit(url).path != CALLBACK or urlsplit(url).query:
        raise ValueError(Sentence("has to end with {path}", path=CALLBACK))
    return url


def _openid(scope: str) -> str:
    if "openid" not in scope.split(" "):
        raise ValueError(Sentence("must have openid among its words"))
    return scope


Url = Annotated[str, Field(max_length=500), AfterValidator(secure)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class Grant(BaseModel):
    """What a value of the roles claim gives."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: frozenset[Role] = Field(min_length=1, description="Roles, as docs/roles.md lists them.")
    queues: frozenset[Id] = Field(
        default=frozenset(), description="Only for these queues; left out: see docs/roles.md."
    )
    departments: frozenset[Id] = Field(
        default=frozenset(), description="Only for these sub-hotlines; left out: see docs/roles.md."
    )


class OpenId(BaseModel):
    """The provider, and what its claims mean here. docs/people.md shows one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Url = Field(
        description="The provider's issuer, exactly as it calls itself; its description is below it at "
        "/.well-known/openid-configuration. https, except on loopback."
    )
    client_id: Name = Field(description="Our name at the provider.")
    client_secret: SecretStr | None = Field(
        default=None, description="Our secret at the provider; left out: the setting `openid_client_secret`."
    )
    callback: Annotated[Url, AfterValidator(_callback)] = Field(
        description=f"URL of {CALLBACK} as browsers reach it, registered at the provider. https, except on loopback."
    )
    scope: Annotated[str, Field(pattern=r"^[!#-\[\]-~]+( [!#-\[\]-~]+)*$", max_length=500), AfterValidator(_openid)] = (
        Field(default="openid profile", description="Scopes to ask for; `openid` must be among them.")
    )
    name_claim: Name = Field(
        default="preferred_username", description="Claim with the person's name, which becomes the account's."
    )
    roles_claim: Name = Field(
        default="groups",
        description="Claim with the values that `grants` names, a text or a list; a dot leads into an object, as in "
        "`realm_access.roles`.",
    )
    agent_claim: Name | None = Field(
        default=None, description="Claim with the agent's id, for role `agent`; left out: nobody gets that role."
    )
    grants: Annotated[Mapping[str, Grant], Field(min_length=1, max_length=200)] = Field(
        description="Value of the roles claim → a table of `roles`, `queues`, `departments`; other values give nothing."
    )

    @property
    def claims(self) -> tuple[str, ...]:
        """Those that are needed."""
        named = (self.name_claim, self.roles_claim, self.agent_claim)
        return tuple(name for name in named if name is not None)


def find(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of that name, or where the name's dots lead; None: there is none."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _time(at: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", at):
        raise ValueError(Sentence("has to be a time from 00:00 to 23:59, such as 03:30"))
    return at


class SelftestSettings(BaseModel):
    """The self-test: docs/selftest.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Annotated[str, AfterValidator(_time)] | None = Field(
        default=None,
        description="When the self-test begins each night, such as 03:30, in the hotline's time zone; left out: only "
        "when somebody asks for it.",
    )


class Reports(BaseModel):
    """How reports reckon: docs/reports.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service_level: Literal[
        "without-short", "abandons-served", "of-answered", "of-offered", "without-abandons-in-time", "short-served"
    ] = Field(
        default="without-short",
        description="Which service level reports show: `without-short` (as the wall), `abandons-served`, "
        "`of-answered`, `of-offered`, `without-abandons-in-time`, `short-served`.",
    )
    calendar: str | None = Field(
        default=None,
        description="The calendar of hotline.yaml whose holidays are reported apart; left out: the only one that there "
        "is.",
    )


_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9_%+-]+"


def _address(address: str) -> str:
    if len(address) > 254 or not re.fullmatch(rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*", address):
        raise ValueError(Sentence("has to be a mail address alone, such as office@city.example"))
    return address


def _morning(at: str) -> str:
    if not re.fullmatch(r"(0[1-9]|1[01]):[0-5][0-9]", at):
        raise ValueError(Sentence("has to be a time from 01:00 to 11:59, such as 07:00"))
    return at


def printable(text: str) -> str:
    """What a mail server takes as a user or a password. Raises ValueError with a sentence."""
    if not re.fullmatch(r"[ -~]{1,200}", text):
        raise ValueError(Sentence("has to be 1 to 200 letters, digits and signs of ASCII"))
    return text


Address = Annotated[str, AfterValidator(_address)]


class DailySheet(BaseModel):
    """The daily sheet by mail: docs/reports.md. The password is the setting `daily_sheet_password`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Annotated[str, AfterValidator(_morning)] = Field(
        default="07:00",
        description="When yesterday's sheet is mailed each morning, from 01:00 to 11:59, in the hotline's time zone.",
    )
    receivers: Annotated[tuple[Address, ...], Field(min_length=1, max_length=20)] = Field(
        description="Mail addresses that get it."
    )
    sender: Address = Field(description="Mail address that it comes from.")
    host: Host = Field(description="The mail server (SMTP), by the name that its certificate has.")
    port: Port = Field(default=587, description="Its port: 587 for `starttls`, 465 for `tls`.")
    encryption: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`starttls`, `tls` from the first byte, or `none`, which goes without a `user` only.",
    )
    user: Annotated[str, AfterValidator(printable)] | None = Field(
        default=None, description="User name at the mail server; left out: no sign-in."
    )
    language: Literal["zh", "en"] = Field(default="zh", description="Of the sheet and of the mail.")

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> "DailySheet":
        if self.user is not None and self.encryption == "none":
            raise ValueError(Sentence("needs encryption to sign in with a user"))
        return self
