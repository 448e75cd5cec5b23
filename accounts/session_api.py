"""The own session over HTTP: sign in, see the account, sign out, change the password, set a second factor."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from accounts import tokens
from accounts.accounts import Accounts
from accounts.asking import Asking
from accounts.model import Account, Asker, Person, Session
from accounts.shapes import NO_DATABASE, TOO_MANY_TRIES, AccountOut, Code, Password, address, answering, rights, secure
from journal.actor import Actor
from sentences.sentence import Sentence
from web.fields import Time


class SignInIn(BaseModel):
    """Name, password and code of a person who wants to sign in."""

    name: Annotated[str, Field(max_length=100)]
    password: Password
    code: Code = Field(
        default="", description="A code of the app, or a recovery code, if the person has a second factor."
    )


class WaysOut(BaseModel):
    """How people sign in here. A name with a password always works."""

    openid: bool = Field(description="Whether `GET /api/v1/session/openid` leads to a city's own sign-in.")


class OwnPasswordIn(BaseModel):
    """Another password for the person who asks."""

    old: Password
    new: Password


class SessionOut(AccountOut):
    """The account that asks, and its session."""

    actor: str = Field(description="The account's name in Records and in the audit.", examples=["user:wang"])
    csrf: str | None = Field(
        description="Send it as `X-CSRF-Token` with every request but GET; null: a token needs none."
    )
    ends: Time | None = Field(description="When the session ends at the latest; null: there is no session.")
    password: bool = Field(description="Whether the account has a password here, which it can change.")
    second_factor: bool = Field(description="Whether signing in needs a code of the person's app.")
    timezone: str = Field(description="The hotline's, in which people see times.", examples=["Asia/Shanghai"])


def router(accounts: Accounts, timezone: Callable[[], str]) -> APIRouter:
    """The routes under `/session`. `timezone`: the hotline's."""
    routes = APIRouter(prefix="/session", tags=["session"])

    @routes.post(
        "",
        status_code=201,
        summary="Sign in",
        responses={
            401: {"description": "The name, the password or the code is wrong."},
            **TOO_MANY_TRIES,
            **NO_DATABASE,
        },
    )
    async def sign_in(wanted: SignInIn, request: Request, response: Response) -> SessionOut:
        """Sets the session's cookie."""
        where = address(request)
        with answering(accounts):
            person = await accounts.sign_in.prove(wanted.name, wanted.password.get_secret_value(), where, wanted.code)
        return await signed_in(accounts, timezone(), person, request, response)

    @routes.get("", summary="The account that asks, and its session")
    async def who(asker: Asking, request: Request) -> SessionOut:
        cookie = request.headers.get("Cookie", "")
        secret = None if asker.session is None else tokens.read(cookie, secure=secure(request))
        return _session_out(accounts, timezone(), asker.account, asker.actor, asker.session, secret)

    @routes.get("/ways", summary="How one can sign in")
    async def ways() -> WaysOut:
        """For a page on which somebody is to sign in."""
        return WaysOut(openid=accounts.openid is not None)

    @routes.delete("", status_code=204, summary="Sign out")
    async def sign_out(asker: Asking, request: Request, response: Response) -> None:
        """Ends the session of the cookie; a token has none."""
        if asker.session is not None:
            await accounts.sessions.end(asker.session.digest)
            tokens.take(response, secure=secure(request))

    @routes.put(
        "/password",
        status_code=204,
        summary="Change the own password",
        responses={
            401: {"description": "The old password is not right."},
            409: {"description": "A token asks, or an account that has no password."},
            **TOO_MANY_TRIES,
            **NO_DATABASE,
        },
    )
    async def own_password(wanted: OwnPasswordIn, asker: Asking) -> None:
        """Ends the person's other sessions."""
        if asker.session is None:
            raise HTTPException(409, Sentence("Only a person who has signed in has a password."))
        if (person := accounts.directory.people.get(asker.account.name)) is not None and person.subject is not None:
            raise HTTPException(409, Sentence("You sign in at the city's provider, and have no password here."))
        with answering(accounts):
            name, old = asker.account.name, wanted.old.get_secret_value()
            person = await accounts.sign_in.prove(name, old, asker.address, code=None)
            await accounts.set_password(person, wanted.new.get_secret_value(), keep=asker.session)

    return routes


async def signed_in(
    accounts: Accounts, timezone: str, person: Person, request: Request, response: Response
) -> SessionOut:
    """Begin a session of `person`, who has proven who it is, and give its cookie."""
    secret, session = await accounts.sign_in.begin(person, address(request))
    tokens.give(response, secret, secure=secure(request))
    return _session_out(accounts, timezone, person, Actor.user(person.name), session, secret)


def _session_out(
    accounts: Accounts, timezone: str, account: Account, actor: str, session: Session | None, secret: str | None
) -> SessionOut:
    ends = None if session is None else accounts.sessions.ends(session)
    csrf = None if secret is None else tokens.csrf(secret)
    person = None if session is None else accounts.directory.people.get(account.name)
    ways = {
        "password": person is not None and person.password is not None,
        "second_factor": person is not None and person.name in accounts.second_factors.factors,
    }
    own = {"actor": actor, "csrf": csrf, "ends": ends, "timezone": timezone}
    return SessionOut.model_validate({**rights(account), **ways, **own})


# The own second factor over HTTP: begin with a new app, and put it in force by its first code.


class AppIn(BaseModel):
    """The person proves again who is asking: a screen left unlocked must not be enough."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    code: Code = Field(
        default="", description="A code of the old app, or a recovery code, if the person has an app already."
    )


class AppOut(BaseModel):
    """For the app; shown only now."""

    uri: str = Field(description="For the app: show it as a QR code.", examples=["otpauth://totp/Wutong:wang?secret=…"])
    secret: str = Field(description="For the app: to type where the QR code cannot be scanned.")


class FirstCodeIn(BaseModel):
    """The code that the new app shows."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class RecoveryOut(BaseModel):
    """Instead of a code, each once; shown only now."""

    recovery_codes: list[str]


def second_factor_router(accounts: Accounts) -> APIRouter:
    """The routes under `/session/second-factor`."""
    routes = APIRouter(prefix="/session/second-factor", tags=["session"])
    nobody: dict[int | str, dict[str, Any]] = {
        409: {"description": "This account did not sign in with a password, or no new app waits for that code."}
    }

    @routes.post(
        "",
        status_code=201,
        summary="Begin with an app for codes",
        responses={
            401: {"description": "The password or the code is wrong."},
            **TOO_MANY_TRIES,
            **nobody,
            **NO_DATABASE,
        },
    )
    async def begin(wanted: AppIn, asker: Asking) -> AppOut:
        """It counts once its first code was sent (`PUT`). Until then signing in is as before."""
        name, _ = _own(accounts, asker)
        with answering(accounts):
            await accounts.sign_in.prove(name, wanted.password.get_secret_value(), asker.address, wanted.code)
            secret, uri = accounts.second_factors.begin(name)
        return AppOut(uri=uri, secret=secret)

    @routes.put(
        "",
        summary="Confirm the app by its first code: from now on codes are needed",
        responses={**nobody, **NO_DATABASE},
    )
    async def confirm(wanted: FirstCodeIn, asker: Asking) -> RecoveryOut:
        """From now on signing in needs a code. Ends the person's other sessions, and older recovery codes."""
        name, session = _own(accounts, asker)
        with answering(accounts):
            codes = await accounts.second_factors.confirm(name, wanted.code)
            await accounts.end_sessions(name, keep=session)
        return RecoveryOut(recovery_codes=codes)

    return routes


def _own(accounts: Accounts, asker: Asker) -> tuple[str, Session]:
    """The name of the person who asks, and the session."""
    person = accounts.directory.people.get(asker.account.name)
    if asker.session is None or person is None or person.password is None:
        raise HTTPException(409, Sentence("Only a person who has signed in with a password has a second factor here."))
    return person.name, asker.session
