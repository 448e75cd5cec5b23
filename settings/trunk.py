"""The line to the telephone network, as it is set and as it is rendered."""

import re
from ipaddress import IPv4Address
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from base.phone_password import PASSWORD, PASSWORD_RULE

Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]
Network = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,253}(/[0-9]{1,2})?$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


def _word(user: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~!@^&*+/-]{1,128}", user):
        raise ValueError("has to be 1 to 128 letters, digits or . _ ~ ! @ ^ & * + / -")
    return user


def checked_secret(secret: SecretStr) -> SecretStr:
    """A password that Asterisk's files can hold."""
    if not PASSWORD.fullmatch(secret.get_secret_value()):
        raise ValueError(f"has to be {PASSWORD_RULE}")
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
            raise ValueError("needs both user and password, or neither")
        if self.register_ and self.user is None:
            raise ValueError("needs user and password to register")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """Where its calls come from."""
        return self.match or (self.host,)
