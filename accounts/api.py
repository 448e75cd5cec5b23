"""People, machine tokens and the audit over HTTP."""

from collections import Counter as Tally
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field, GetPydanticSchema, SecretStr
from pydantic_core.core_schema import literal_schema

from accounts import passwords, roles, tokens
from accounts.accounts import Accounts
from accounts.asking import note_detail
from accounts.audit import DAY, Entry
from accounts.directory import NotKept, Taken
from accounts.model import MachineToken, Name, Person
from accounts.shapes import NO_DATABASE, TAKEN, UNKNOWN, AccountIn, AccountOut, Password, allowed, answering, rights
from sentences.sentence import Sentence
from web.fields import Moment, Time


class PersonIn(AccountIn):
    """A new person."""

    name: Name
    password: Password | None = Field(default=None, description="Left out: one is generated, and shown once.")


class PasswordIn(BaseModel):
    """Another password for somebody."""

    model_config = ConfigDict(extra="forbid")

    password: Password | None = Field(default=None, description="Left out: one is generated, and shown once.")


class TokenIn(AccountIn):
    """A new token for a program."""

    name: Name
    expires_s: Annotated[
        float, Field(ge=60, le=3_650 * DAY, description="Seconds until it no longer counts; left out: 90 days.")
    ] = 90 * DAY


class PersonOut(AccountOut):
    """A person who may sign in."""

    created: Time
    password_set: Time
    sessions: int = Field(description="How often this person is signed in now.")
    second_factor: bool = Field(description="Whether signing in needs a code of the person's app.")
    openid: bool = Field(description="Whether the person signs in at the OpenID provider, and has no password here.")


class PasswordOut(BaseModel):
    """The new password."""

    password: str | None = Field(description="The generated one, shown only now; null: it was given.")


class PersonAdded(PersonOut, PasswordOut):
    """The new person."""


class TokenOut(AccountOut):
    """A program's token."""

    created: Time
    expires: Time
    used: Time | None = Field(description="The hour in which it was used last; null: never.")


class TokenAdded(TokenOut):
    """The new token."""

    token: str = Field(description="What the program sends; shown only now.")


class EntryOut(BaseModel):
    """What somebody did."""

    model_config = ConfigDict(from_attributes=True)

    at: Time
    actor: str = Field(examples=["user:wang"])
    what: str = Field(description="As docs/roles.md lists it.", examples=["call-read"])
    target: str = Field(description="The path under /api/v1.", examples=["/calls/c1"])
    detail: str = Field(description="Filters of a reading; what a change set.")
    address: str = Field(description="From where.")
    status: int = Field(description="Of the answer: below 400 it was done.")


def routers(accounts: Accounts) -> Sequence[APIRouter]:
    """The routes under `/users`, `/tokens` and `/audit`."""
    return _people(accounts), _tokens(accounts), _audit(accounts)


def _people(accounts: Accounts) -> APIRouter:
    routes = APIRouter(prefix="/users", tags=["people"])
    directory = accounts.directory

    def find(name: str) -> Person:
        person = directory.people.get(name)
        if person is None:
            raise HTTPException(404, Sentence("There is no such person; GET /api/v1/users lists them."))
        return person

    def out(person: Person, signed_in: int | None = None) -> PersonOut:
        times = {"created": person.created, "password_set": person.password_set}
        if signed_in is None:
            signed_in = len(accounts.sessions.of(person.name))
        ways = {
            "second_factor": person.name in accounts.second_factors.factors,
            "openid": person.subject is not None,
        }
        return PersonOut.model_validate({**rights(person), **times, **ways, "sessions": signed_in})

    @routes.get("", summary="All people", responses=NO_DATABASE)
    async def list_people() -> list[PersonOut]:
        """By name."""
        with answering(accounts):
            sessions = Tally(session.name for session in accounts.sessions.all())
            return [out(directory.people[name], sessions[name]) for name in sorted(directory.people)]

    @routes.post("", status_code=201, summary="Add a person", responses=TAKEN)
    async def add_person(wanted: PersonIn, request: Request) -> PersonAdded:
        note_detail(request, f"name={wanted.name} {allowed(wanted)}")
        with answering(accounts):
            if wanted.name in directory.people:
                raise Taken(Sentence("There is a person {name} already.", name=wanted.name))
            plain, made = _plain(wanted.password)
            kept, now = await accounts.passwords.hash(plain, wanted.name), accounts.now()
            person = Person(name=wanted.name, **wanted.rights(), password=kept, created=now, password_set=now)
            await directory.add(person)
        return PersonAdded(**dict(out(person)), password=made)

    @routes.put("/{name}", summary="Change what a person may do", responses=UNKNOWN)
    async def change_person(name: str, wanted: AccountIn, request: Request) -> PersonOut:
        """Holds from the person's next request on."""
        note_detail(request, allowed(wanted))
        with answering(accounts):
            return out(await directory.change(find(name).name, **wanted.rights()))

    @routes.put("/{name}/password", summary="Give a person another password", responses=UNKNOWN)
    async def set_password(name: str, wanted: PasswordIn) -> PasswordOut:
        """Ends the person's sessions."""
        with answering(accounts):
            if find(name).subject is not None:
                raise NotKept(Sentence("{name} signs in at the OpenID provider, and has no password here.", name=name))
            plain, made = _plain(wanted.password)
            await accounts.set_password(find(name), plain)
        return PasswordOut(password=made)

    @routes.delete(
        "/{name}/second-factor", status_code=204, summary="Let a person sign in without a code", responses=UNKNOWN
    )
    async def remove_second_factor(name: str) -> None:
        """For a person who has lost the telephone and the recovery codes. Ends the person's sessions."""
        with answering(accounts):
            person = find(name)
            await accounts.second_factors.remove(person.name)
            await accounts.end_sessions(person.name)

    @routes.delete("/{name}", status_code=204, summary="Remove a person", responses=UNKNOWN)
    async def remove_person(name: str) -> None:
        """Ends the person's sessions."""
        with answering(accounts):
            await accounts.remove(find(name).name)

    return routes


def _tokens(accounts: Accounts) -> APIRouter:
    routes = APIRouter(prefix="/tokens", tags=["tokens"])
    directory = accounts.directory

    def out(token: MachineToken) -> TokenOut:
        times = {"created": token.created, "expires": token.expires, "used": token.used}
        return TokenOut.model_validate({**rights(token), **times})

    @routes.get("", summary="All tokens of programs", responses=NO_DATABASE)
    async def list_tokens() -> list[TokenOut]:
        """By name, expired ones too. The installation's own token is not among them."""
        with answering(accounts):
            return [out(directory.tokens[name]) for name in sorted(directory.tokens)]

    @routes.post("", status_code=201, summary="Add a token for a program", responses=TAKEN)
    async def add_token(wanted: TokenIn, request: Request) -> TokenAdded:
        note_detail(request, f"name={wanted.name} {allowed(wanted)} expires_s={wanted.expires_s:g}")
        with answering(accounts):
            secret, now = tokens.new_token(), accounts.now()
            token = MachineToken(
                name=wanted.name,
                **wanted.rights(),
                digest=tokens.digest(secret),
                created=now,
                expires=now + wanted.expires_s,
            )
            await directory.add_token(token)
        return TokenAdded(**dict(out(token)), token=secret)

    @routes.delete("/{name}", status_code=204, summary="Revoke a token", responses=UNKNOWN)
    async def revoke_token(name: str) -> None:
        """It no longer counts from now on."""
        with answering(accounts):
            if name not in directory.tokens:
                raise HTTPException(404, Sentence("There is no such token; GET /api/v1/tokens lists them."))
            await directory.revoke(name)

    return routes


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

AuditKind = Annotated[str, GetPydanticSchema(lambda _, __: literal_schema([*roles.AUDITED]))]


def _audit(accounts: Accounts) -> APIRouter:
    routes = APIRouter(prefix="/audit", tags=["audit"])

    @routes.get("", summary="Who did what, newest first", responses=NO_DATABASE)
    async def list_audit(
        actor: Annotated[
            str,
            Query(description="Only of this actor, such as `user:wang`.", max_length=60, pattern=r"^[a-z]*(:[^ ]+)?$"),
        ] = "",
        what: Annotated[AuditKind | None, Query(description="Only this.", examples=["call-read"])] = None,
        since: Annotated[Moment, Query(description="Only from then on, ISO 8601 with zone.")] = EPOCH,
        until: Annotated[
            Moment | None, Query(description="Only up to then. To go on after an answer: `at` of its last entry.")
        ] = None,
        limit: Annotated[int, Query(description="How many at most.", ge=1, le=1000)] = 100,
    ) -> list[EntryOut]:
        """Changes, and who read personal data. Reading the same again within a minute is one entry."""
        # An answer has times in milliseconds: all entries of the last millisecond are in the next answer again.
        end = None if until is None else until.timestamp() + 0.001
        with answering(accounts):
            found: Sequence[Entry] = await accounts.audit.list(
                actor or None, what or None, since.timestamp(), limit, end
            )
        return [EntryOut.model_validate(entry) for entry in found]

    return routes


def _plain(wanted: SecretStr | None) -> tuple[str, str | None]:
    """The password, and what to show of it: only a generated one."""
    if wanted is not None:
        return wanted.get_secret_value(), None
    made = passwords.generated()
    return made, made
