"""One sign-in on its way to the provider and back: what ties the answer to the browser that asked, and whose account it
is.

Everything follows from one secret of 256 bits, which the browser keeps in a cookie for some minutes. So nothing is kept
here, and nobody can fill a store with sign-ins that never come back.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from accounts.directory import Directory
from accounts.model import Person
from base.role import Role
from sentences.sentence import Sentence
from settings.sections import OpenId, find

LASTS_S = 600
"""Seconds that a person has for signing in at the provider."""


class Away(Exception):
    """The provider cannot be asked, or what it says cannot be used. The message is a sentence."""


class NotProven(Exception):
    """The provider did not confirm the person. The message is a sentence."""


class Flow:
    """state     comes back in the address: the answer is for this browser (RFC 6749, 10.12)
    nonce     comes back in the ID token: the token is for this sign-in (OpenID Connect Core, 3.1.2.1)
    verifier  is shown with the code: whoever else got the code cannot use it (PKCE, RFC 7636)
    """

    def __init__(self, secret: str) -> None:
        self.state, self.nonce, self.verifier = (_derived(use, secret) for use in ("state", "nonce", "verifier"))

    @property
    def challenge(self) -> str:
        """The verifier's, method S256."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())


class Asked(Protocol):
    """The provider (`accounts.openid.provider.Provider`), which is not imported where no setting names one."""

    @property
    def settings(self) -> OpenId: ...

    async def authorize(self, flow: Flow) -> str:
        """The address where the person signs in. Raises Away."""

    async def claims(self, code: str, flow: Flow) -> Mapping[str, Any]:
        """The provider's claims of the person who came back with `code`. Raises Away, NotProven."""

    async def close(self) -> None: ...


def new_secret() -> str:
    """For the cookie."""
    return secrets.token_urlsafe(32)


def with_query(url: str, query: Mapping[str, str]) -> str:
    """`url` with these parameters beside those that it has."""
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"


def _derived(use: str, secret: str) -> str:
    return _text(hashlib.sha256(f"{use} {secret}".encode()).digest())


def _text(digest: bytes) -> str:
    """43 characters, all allowed in an address."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


# From the provider's claims to an account here.


_NAME = re.compile(r"[a-z][a-z0-9._-]{0,39}")
_AGENT = re.compile(r"[0-9]{2,10}")

LONGEST_SUBJECT = 255
"""Characters: OpenID Connect Core, 2."""


class NotAdmitted(Exception):
    """The provider knows the person, and this hotline does not admit the person. The message is a sentence."""


async def admit(
    claims: Mapping[str, Any], settings: OpenId, directory: Directory, now: float
) -> tuple[Person, str | None]:
    """The account of that person, with the rights that the claims give now; made where there is none yet. And what the
    audit calls that, if something changed.

    A name alone opens nothing: an account belongs to the provider's own id of the person (`sub`), and an account with a
    password never to the provider. Raises NotAdmitted, NotKept, StoreUnavailable.
    """
    subject = claims["sub"]
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotAdmitted(Sentence("The provider's id of this person cannot be used."))
    rights = given(claims, settings)
    found = known(claims, settings, directory)
    if found is not None:
        changed = {name: value for name, value in rights.items() if getattr(found, name) != value}
        return (await directory.change(found.name, **changed), "user-changed") if changed else (found, None)
    name = _name(claims, settings)
    if name in directory.people:
        raise NotAdmitted(
            Sentence(
                "The name {name} belongs to another account here. An administrator can remove that one.", name=name
            )
        )
    person = Person(name=name, **rights, password=None, created=now, password_set=now, subject=_whole(claims, settings))
    await directory.add(person)
    return person, "user-added"


def known(claims: Mapping[str, Any], settings: OpenId, directory: Directory) -> Person | None:
    """The account of that person, whatever the claims give now; None: there is none."""
    whole = _whole(claims, settings)
    return next((person for person in directory.people.values() if person.subject == whole), None)


def _whole(claims: Mapping[str, Any], settings: OpenId) -> str:
    return f"{settings.issuer} {claims['sub']}"


def given(claims: Mapping[str, Any], settings: OpenId) -> dict[str, Any]:
    """What an `Account` of that person may do, and where. Raises NotAdmitted."""
    values = find(claims, settings.roles_claim)
    listed = [values] if isinstance(values, str) else values if isinstance(values, list) else []
    grants = [settings.grants[value] for value in listed if isinstance(value, str) and value in settings.grants]
    if not grants:
        raise NotAdmitted(Sentence("The provider knows you, but gives you no role in this hotline. Ask for one there."))
    roles = frozenset[Role]().union(*(grant.roles for grant in grants))
    agent = None
    if Role.AGENT in roles:
        agent = find(claims, settings.agent_claim) if settings.agent_claim is not None else None
        if not isinstance(agent, str) or not _AGENT.fullmatch(agent):
            raise NotAdmitted(
                Sentence("You would be an agent here, but the provider does not say which (openid.agent_claim).")
            )
    return {
        "roles": roles,
        "queues": frozenset[str]().union(*(grant.queues for grant in grants)),
        "departments": frozenset[str]().union(*(grant.departments for grant in grants)),
        "agent": agent,
    }


def _name(claims: Mapping[str, Any], settings: OpenId) -> str:
    name = find(claims, settings.name_claim)
    # Other letters become small ones of ASCII, too: KELVIN SIGN would be k, and the account another person's.
    small = name.lower() if isinstance(name, str) and name.isascii() else ""
    if not _NAME.fullmatch(small):
        raise NotAdmitted(
            Sentence(
                "The provider's claim {claim} is not a name for an account: letters, digits, `.`, `_` and `-`, 40 at "
                "most, a letter first. The setting openid.name_claim may name another one.",
                claim=settings.name_claim,
            )
        )
    return small
