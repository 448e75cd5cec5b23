"""From the provider's claims to an account here."""

import re
from collections.abc import Mapping
from typing import Any

from accounts.directory import Directory
from accounts.model import Person
from base.role import Role
from sentences.sentence import Sentence
from settings.sections import OpenId, find

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
                "The provider's claim {claim} is no name for an account: letters, digits, `.`, `_` and `-`, 40 at "
                "most, a letter first. The setting openid.name_claim may name another one.",
                claim=settings.name_claim,
            )
        )
    return small
