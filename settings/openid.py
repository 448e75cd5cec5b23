"""The settings of a city's own sign-in."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from base.role import Role

LOOPBACK = ("localhost", "127.0.0.1", "::1")
CALLBACK = "/api/v1/session/openid/callback"


def secure(url: str) -> str:
    """The URL. Raises ValueError where anybody on the way could read or change what is sent there."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("has to be a URL: https://login.example.org")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("has to begin with https://; http is for loopback only")
    if parts.username is not None or parts.fragment:
        raise ValueError("may have neither a user nor a fragment")
    return url


def _callback(url: str) -> str:
    if urlsplit(url).path != CALLBACK or urlsplit(url).query:
        raise ValueError(f"has to end with {CALLBACK}")
    return url


def _openid(scope: str) -> str:
    if "openid" not in scope.split(" "):
        raise ValueError("must have openid among its words")
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
        "/.well-known/openid-configuration. https, but for loopback."
    )
    client_id: Name = Field(description="Our name at the provider.")
    client_secret: SecretStr | None = Field(
        default=None, description="Our secret at the provider; left out: the setting `openid_client_secret`."
    )
    callback: Annotated[Url, AfterValidator(_callback)] = Field(
        description=f"URL of {CALLBACK} as browsers reach it, registered at the provider. https, but for loopback."
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
