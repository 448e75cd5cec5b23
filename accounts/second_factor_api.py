"""The own second factor over HTTP: begin with a new app, and put it in force by its first code."""

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from accounts.accounts import Accounts
from accounts.asking import Asking
from accounts.model import Asker, Session
from accounts.shapes import NO_DATABASE, TOO_MANY_TRIES, Code, Password, answering
from sentences.sentence import Sentence


class AppIn(BaseModel):
    """The person proves again who is asking: a screen left unlocked must not be enough."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    code: Code = Field(
        default="", description="A code of the old app, or a recovery code, if the person has an app already."
    )


class AppOut(BaseModel):
    """For the app; told only now."""

    uri: str = Field(description="For the app: show it as a QR code.", examples=["otpauth://totp/Wutong:wang?secret=…"])
    secret: str = Field(description="For the app: to type where the QR code cannot be scanned.")


class FirstCodeIn(BaseModel):
    """The code that the new app shows."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class RecoveryOut(BaseModel):
    """Instead of a code, each once; told only now."""

    recovery_codes: list[str]


def router(accounts: Accounts) -> APIRouter:
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
