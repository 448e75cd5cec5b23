"""The own session over HTTP: sign in, who one is, sign out, another password."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from accounts import cookies, tokens, totp
from accounts.accounts import Accounts
from accounts.model import Account, Asker, Person, Session
from accounts.routes import Asking, Time
from accounts.second_factor import ISSUER
from accounts.shapes import NO_DATABASE, AccountOut, Password, address, answering, rights, secure
from journal.actor import Actor


class SignInIn(BaseModel):
    """Who wants to sign in."""

    name: Annotated[str, Field(max_length=100)]
    password: Password
    code: Annotated[str | None, Field(max_length=20, description="Of the app, where there is a second factor.")] = None


class OwnPasswordIn(BaseModel):
    """Another password for who asks."""

    old: Password
    new: Password


class ConfirmedIn(BaseModel):
    """The own password, once more."""

    password: Password


class CodeIn(BaseModel):
    """A code that the app shows now."""

    code: Annotated[str, Field(max_length=20, examples=["123456"])]


class SecondFactorOut(BaseModel):
    """For the person's app. Told only now."""

    secret: str
    uri: str = Field(description="The same as apps read it from a QR code.")


class SessionOut(AccountOut):
    """Who asks."""

    actor: str = Field(description="As Records and the audit name it.", examples=["user:wang"])
    csrf: str | None = Field(
        description="To be sent as `X-CSRF-Token` with every request but GET; null: a token needs none."
    )
    ends: Time | None = Field(description="When the session ends at the latest; null: there is no session.")


def router(accounts: Accounts) -> APIRouter:
    """The routes under `/session`."""
    routes = APIRouter(prefix="/session", tags=["session"])

    own: dict[int | str, dict[str, Any]] = {
        401: {"description": "The password is not right."},
        409: {"description": "Who asks has not signed in and is no person, or the code is not right."},
        429: {"description": "Too many tries; `Retry-After` says how many seconds to wait."},
        **NO_DATABASE,
    }

    def signed_in(asker: Asker) -> Person:
        person = None if asker.session is None else accounts.directory.people.get(asker.account.name)
        if person is None:
            raise HTTPException(409, "Only a person who has signed in can do that.")
        return person

    def out(account: Account, actor: str, session: Session | None, secret: str | None) -> SessionOut:
        ends = None if session is None else accounts.sessions.ends(session)
        csrf = None if secret is None else tokens.csrf(secret)
        return SessionOut.model_validate({**rights(account), "actor": actor, "csrf": csrf, "ends": ends})

    @routes.post(
        "",
        status_code=201,
        summary="Sign in",
        responses={
            401: {
                "description": "There is no such name with this password; or the code of the app is missing "
                "(`WWW-Authenticate: TOTP`) or wrong."
            },
            429: {"description": "Too many tries; `Retry-After` says how many seconds to wait."},
            **NO_DATABASE,
        },
    )
    async def sign_in(wanted: SignInIn, request: Request, response: Response) -> SessionOut:
        """Sets the session's cookie."""
        where = address(request)
        with answering(accounts):
            person = await accounts.sign_in.prove(wanted.name, wanted.password.get_secret_value(), where, wanted.code)
        secret, session = await accounts.sign_in.begin(person, where)
        cookies.give(response, secret, secure=secure(request))
        return out(person, Actor.user(person.name), session, secret)

    @routes.get("", summary="Who one is")
    async def who(asker: Asking, request: Request) -> SessionOut:
        cookie = request.headers.get("Cookie", "")
        secret = None if asker.session is None else cookies.read(cookie, secure=secure(request))
        return out(asker.account, asker.actor, asker.session, secret)

    @routes.delete("", status_code=204, summary="Sign out")
    async def sign_out(asker: Asking, request: Request, response: Response) -> None:
        """Ends the session of the cookie; a token has none."""
        if asker.session is not None:
            await accounts.sessions.end(asker.session.digest)
            cookies.take(response, secure=secure(request))

    @routes.put(
        "/password",
        status_code=204,
        summary="Change the own password",
        responses=own,
    )
    async def own_password(wanted: OwnPasswordIn, asker: Asking) -> None:
        """Ends the person's other sessions."""
        person = signed_in(asker)
        with answering(accounts):
            await accounts.sign_in.confirm_password(person, wanted.old.get_secret_value(), asker.address)
            await accounts.set_password(person, wanted.new.get_secret_value(), keep=asker.session)

    @routes.post("/second-factor", summary="Begin to sign in with an app's codes too", responses=own)
    async def offer(wanted: ConfirmedIn, asker: Asking) -> SecondFactorOut:
        """Nothing changes until the app's first code is sent, within 10 minutes."""
        person = signed_in(asker)
        with answering(accounts):
            await accounts.sign_in.confirm_password(person, wanted.password.get_secret_value(), asker.address)
        secret = accounts.second_factor.offer(person.name)
        return SecondFactorOut(secret=secret, uri=totp.uri(secret, person.name, ISSUER))

    @routes.put("/second-factor", status_code=204, summary="Send the app's first code", responses=own)
    async def confirm(wanted: CodeIn, asker: Asking) -> None:
        """From now on this person needs a code to sign in. An administrator can end that."""
        with answering(accounts):
            await accounts.second_factor.confirm(signed_in(asker).name, wanted.code)

    return routes
