"""How long rights last: whatever becomes of an account, what it has opens what the account may, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
from hypothesis import strategies as st

from lab.chaos.site import Site
from lab.fuzz.others import new_address, numbers, visitor
from lab.patience import until
from lab.phone import Phone, RegistrationFailed

AGENTS = ("1007", "1008")
"""Which agent each of two people is, where the role is `agent`."""

ROLES = ("agent", "supervisor", "administrator", "operations")

MAY = {
    "/session": ROLES,
    "/calls": ("agent", "supervisor", "administrator"),
    "/versions": ("supervisor", "administrator"),
    "/intake": ("administrator", "operations"),
    "/users": ("administrator",),
}
"""What is asked, and who may."""

ENDED = 20.0
"""Seconds within which a phone that may not be one any more is shut out. It should take two."""

STEPS = (
    *("added", "gets a role", "gets a role", "gets a password", "removed", "signs in", "gets a token"),
    *("changes the password", "signs out", "loses a token", "gets a phone", "gets a phone"),
)
BEGUN = [
    *(("added", 0, "agent"), ("added", 1, "supervisor"), ("signs in", 0, ""), ("signs in", 1, "")),
    *(("gets a token", 1, "agent"), ("gets a phone", 0, ""), ("gets a phone", 1, "")),
]
DRAWN = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.sampled_from(("agent", *ROLES))), min_size=1, max_size=10
).map(lambda drawn: [*BEGUN, *drawn])
"""What happens, to which person, with which role."""


@dataclass
class Account:
    """A person, or a token of a program. `role`: None: it is not there."""

    name: str
    who: int
    role: str | None = None
    password: str = field(default="", repr=False)


@dataclass
class Key:
    """A session or a token. `over`: for ever."""

    account: Account
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    over: bool = False

    @property
    def role(self) -> str | None:
        return None if self.over else self.account.role

    def expected(self, good: int, roles: Sequence[str] = ROLES) -> int:
        """The status of an answer that is `good` for these roles."""
        return 401 if self.role is None else good if self.role in roles else 403


@dataclass
class PhoneKey:
    """The password of a phone in the browser, and the key that it was given for."""

    key: Key
    user: str
    password: str = field(repr=False)
    over: bool = False


class Story:
    """What has happened, and what follows from it."""

    def __init__(self, site: Site, http: httpx.AsyncClient) -> None:
        self._site, self._http = site, http
        self._admin = {"Authorization": f"Bearer {site.token}"}
        self.people = [Account(f"rights-{next(numbers)}", who) for who in range(len(AGENTS))]
        self.sessions: list[Key] = []
        self.tokens: list[Key] = []
        self.phones: list[PhoneKey] = []

    async def step(self, what: str, who: int, role: str) -> None:
        """It does nothing where it cannot be done. Raises AssertionError for an answer that is wrong."""
        person = self.people[who]
        there, path = person.role is not None, f"/users/{person.name}"
        new, rights = f"wisteria-{next(numbers):04}-bridge", _rights(role, who)
        match what:
            case "added":
                wanted = {"name": person.name, "password": new, **rights}
                await self._asks("POST", "/users", 409 if there else 201, json=wanted)
                if not there:
                    person.role, person.password = role, new
            case "gets a role":
                await self._asks("PUT", path, 200 if there else 404, json=rights)
                person.role = role if there else None
            case "gets a password":
                await self._asks("PUT", f"{path}/password", 200 if there else 404, json={"password": new})
                person.password = new
                self._end_sessions(person)
            case "removed":
                await self._asks("DELETE", path, 204 if there else 404)
                person.role = None
                self._end_sessions(person)
            case "signs in":
                given, key = {"name": person.name, "password": person.password}, Key(person)
                answer = await self._asks("POST", "/session", *((201,) if there else (401, 429)), key=key, json=given)
                if there:
                    key.headers = {
                        "Cookie": f"wutong={answer.cookies['wutong']}",
                        "X-CSRF-Token": answer.json()["csrf"],
                    }
                    self.sessions.append(key)
            case "gets a token":
                program = Account(f"{person.name}-{next(numbers)}", who, role)
                made = await self._asks("POST", "/tokens", 201, json={"name": program.name, **rights})
                self.tokens.append(Key(program, {"Authorization": f"Bearer {made.json()['token']}"}))
            case "loses a token":
                for key in _last(self.tokens, who):
                    await self._asks("DELETE", f"/tokens/{key.account.name}", 404 if key.over else 204)
                    key.over = True
            case "signs out":
                for key in _last(self.sessions, who):
                    await self._asks("DELETE", "/session", key.expected(204), key=key)
                    key.over = True
            case "changes the password":
                for key in _last(self.sessions, who):
                    given = {"old": person.password, "new": new}
                    await self._asks("PUT", "/session/password", key.expected(204), key=key, json=given)
                    if key.role:
                        person.password = new
                        self._end_sessions(person, but=key)
            case "gets a phone":
                for key in (*_last(self.sessions, who), *_last(self.tokens, who)):
                    expected = key.expected(200, ("agent",))
                    answer = await self._asks("POST", f"/agents/{AGENTS[who]}/browser-phone", expected, key=key)
                    if expected == 200:
                        for phone in self.phones:
                            phone.over |= phone.key.account.who == who
                        self.phones.append(PhoneKey(key, answer.json()["user"], answer.json()["password"]))

    async def as_it_must_be(self) -> None:
        """Try all keys. Raises AssertionError; Late where a phone is let in that must not be."""
        for key in (*self.sessions, *self.tokens):
            for path, roles in MAY.items():
                await self._asks("GET", path, key.expected(200, roles), key=key)
        for phone in self.phones:
            phone.over |= phone.key.role != "agent"
            if phone.over:
                await until(
                    f"the end of {phone}", partial(self._registers, phone), lambda let_in: not let_in, within=ENDED
                )
            else:
                assert await self._registers(phone), f"kept out: {phone}"

    async def tidied(self) -> None:
        for person in self.people:
            await self._asks("DELETE", f"/users/{person.name}", 204, 404)
        for key in self.tokens:
            await self._asks("DELETE", f"/tokens/{key.account.name}", 204, 404)

    async def _asks(
        self, method: str, path: str, *expected: int, key: Key | None = None, json: Any = None
    ) -> httpx.Response:
        """`key`: as whom; None: as the administrator. Raises AssertionError if the status is none of the expected."""
        headers = self._admin if key is None else key.headers
        answer = await self._http.request(method, f"/api/v1{path}", headers=headers, json=json)
        self._http.cookies.clear()
        said = f"{method} {path} by {key or 'the administrator'}: {answer.status_code} and not {expected}"
        assert answer.status_code in expected, f"{said}: {answer.text}"
        return answer

    async def _registers(self, key: PhoneKey) -> bool:
        async with Phone(self._site.sip, key.user, key.password) as phone:
            try:
                await phone.register(60)
            except RegistrationFailed as refused:
                if refused.status != 401:
                    raise
                return False
            return True

    def _end_sessions(self, person: Account, but: Key | None = None) -> None:
        for key in self.sessions:
            key.over |= key.account is person and key is not but


async def rights_end(site: Site, steps: Sequence[tuple[str, int, str]]) -> None:
    async with visitor(site, new_address()) as http:
        story = Story(site, http)
        try:
            for step in steps:
                await story.step(*step)
                await story.as_it_must_be()
        finally:
            await story.tidied()


def _last(keys: Sequence[Key], who: int) -> Sequence[Key]:
    """The last one of that person, if there is one."""
    return [key for key in keys if key.account.who == who][-1:]


def _rights(role: str, who: int) -> dict[str, Any]:
    return {"roles": [role], **({"agent": AGENTS[who]} if role == "agent" else {})}
