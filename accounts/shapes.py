"""What the routes of people, tokens and sessions have in common: shapes of accounts, and errors as answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import HTTPException, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from accounts.accounts import Accounts
from accounts.directory import NotKept
from accounts.model import Account
from accounts.passwords import Busy, Weak
from accounts.sign_in import Refused
from accounts.store import StoreUnavailable
from base.role import Role
from sentences.sentence import Sentence

NO_DATABASE: dict[int | str, dict[str, Any]] = {503: {"description": "The database cannot be asked; nothing changed."}}
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such name."}, **NO_DATABASE}
TOO_MANY_TRIES: dict[int | str, dict[str, Any]] = {
    429: {"description": "Too many tries; `Retry-After` says how many seconds to wait."}
}
TAKEN: dict[int | str, dict[str, Any]] = {409: {"description": "The name is taken."}, **NO_DATABASE}

MOST_IDS = 200
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Password = Annotated[SecretStr, Field(max_length=1024)]
Code = Annotated[str, Field(max_length=40)]


def _may_repeat(schema: dict[str, Any]) -> None:
    """The same twice in a list is not a mistake."""
    schema.pop("uniqueItems", None)


def _at_most(ids: object) -> object:
    """Count what was sent, as the description says it, before two that are the same become one."""
    if isinstance(ids, list) and len(ids) > MOST_IDS:
        raise ValueError(Sentence("has more than {count} items", count=MOST_IDS))
    return ids


class AccountIn(BaseModel):
    """What an account may do, and where."""

    model_config = ConfigDict(extra="forbid")

    roles: Annotated[
        frozenset[Role],
        Field(
            min_length=1, description="The account may do what any of these roles may.", json_schema_extra=_may_repeat
        ),
    ]
    queues: Annotated[
        frozenset[Id],
        BeforeValidator(_at_most),
        Field(max_length=MOST_IDS, description="Limits the account to these queues.", json_schema_extra=_may_repeat),
    ] = frozenset()
    departments: Annotated[
        frozenset[Id],
        BeforeValidator(_at_most),
        Field(
            max_length=MOST_IDS, description="Limits the account to these sub-hotlines.", json_schema_extra=_may_repeat
        ),
    ] = frozenset()
    agent: Annotated[
        str | None, Field(pattern=r"^[0-9]{2,10}$", description="The agent that this account is, for role `agent`.")
    ] = None

    @model_validator(mode="after")
    def _an_agent_is_somebody(self) -> "AccountIn":
        if (Role.AGENT in self.roles) != (self.agent is not None):
            raise ValueError(Sentence("`agent` (an agent's id) and the role `agent` belong together"))
        return self

    def rights(self) -> dict[str, Any]:
        """For an `Account`."""
        return {name: getattr(self, name) for name in AccountIn.model_fields}


class AccountOut(BaseModel):
    """What an account may do, and where."""

    name: str
    roles: list[Role]
    queues: list[str] = Field(description="The account is limited to these; empty: see docs/roles.md.")
    departments: list[str] = Field(description="Sub-hotlines to which the account is limited.")
    agent: str | None = Field(description="The agent that this account is.")


def rights(account: Account) -> dict[str, Any]:
    """For an `AccountOut`."""
    sets = {name: sorted(getattr(account, name)) for name in ("roles", "queues", "departments")}
    return {"name": account.name, "agent": account.agent, **sets}


def allowed(account: Account | AccountIn) -> str:
    """What the account may do, for the audit."""
    given = {name: sorted(getattr(account, name)) for name in ("roles", "queues", "departments")}
    given["agent"] = [account.agent] if account.agent else []
    return " ".join(f"{name}={','.join(values)}" for name, values in given.items() if values)


@contextmanager
def answering(accounts: Accounts) -> Iterator[None]:
    """An error of the block becomes an answer of HTTP."""
    if not accounts.loaded:
        raise HTTPException(
            503, Sentence("The database could not be read since the start; people and tokens are not known yet.")
        )
    try:
        yield
    except Weak as error:
        raise HTTPException(422, str(error)) from error
    except NotKept as error:
        raise HTTPException(409, str(error)) from error
    except Busy as error:
        again = {"Retry-After": "1"}
        raise HTTPException(
            503, Sentence("Too many passwords are being checked at this moment; try again."), again
        ) from error
    except Refused as error:
        later = {"Retry-After": f"{error.again:.0f}"} if error.again else None
        raise HTTPException(429 if error.again else error.status, str(error), later) from error
    except StoreUnavailable as error:
        raise HTTPException(
            503, Sentence("The database cannot be asked: {why}. GET /readyz tells more.", why=error.why)
        ) from error


def address(request: Request) -> str:
    """From where the request comes."""
    return request.client.host if request.client is not None else ""


def secure(request: Request) -> bool:
    """Whether it came over TLS."""
    return request.url.scheme == "https"
