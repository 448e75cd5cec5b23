"""A city's own sign-in at a real provider, walked through as a browser does it. The HTTP interface is the real one."""

import asyncio
import html
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx
import pytest

from accounts.openid.provider import Provider
from accounts.sign_in import Outcome
from base.role import Role
from lab import openid
from lab.patience import PATIENCE, patience
from lab.ports import free_base
from service.http.connections import Server
from settings.sections import CALLBACK, OpenId
from tests.integration.command import Wutong
from tests.unit.service.world import PASSWORD, World

SESSION = "/api/v1/session"
OPENID = f"{SESSION}/openid"

PEOPLE: dict[str, dict[str, Any]] = {
    "4711": {"preferred_username": "Li", "groups": ["hotline-supervisors", "chess-club"]},
    "4712": {"preferred_username": "zhao", "groups": ["hotline-agents"], "agent_id": "1001"},
    "4713": {"preferred_username": "qian", "groups": ["chess-club"]},
    "4714": {"preferred_username": "wang", "groups": ["hotline-supervisors"]},
    "4715": {"preferred_username": "sun", "groups": ["hotline-agents"]},
    "4716": {"preferred_username": "1234", "groups": ["hotline-supervisors"]},
}
GRANTS = {
    "hotline-supervisors": {"roles": ["supervisor"], "queues": ["greening"]},
    "hotline-agents": {"roles": ["agent"]},
}


class City:
    """A hotline with its HTTP interface, and the city's provider."""

    def __init__(self, world: World, provider: openid.Provider, base: str) -> None:
        self.world, self.provider, self.base = world, provider, base

    @asynccontextmanager
    async def browser(self) -> AsyncIterator["Browser"]:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            yield Browser(client, self.base)


class Browser:
    """Keeps cookies, and is led from page to page."""

    def __init__(self, client: httpx.AsyncClient, base: str) -> None:
        self.client, self.base = client, base

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(self.base + path)

    async def come_back(self, person: str, change: Callable[[str], str] = lambda address: address) -> str:
        """Sign in at the provider. The address at which it sends the person back. `change`: the way there."""
        begun = await self.get(OPENID)
        assert begun.status_code == 303, begun.text
        answer = await self.client.get(change(begun.headers["Location"]))
        while True:
            if answer.is_redirect:
                target = str(httpx.URL(str(answer.url)).join(answer.headers["Location"]))
                if urlsplit(target).path == CALLBACK:
                    return target
                answer = await self.client.get(target)
            else:
                assert answer.status_code == 200, answer.text
                fields = {name: html.unescape(value) for name, value in _hidden(answer.text)}
                action = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
                assert action is not None, answer.text
                if fields["prompt"] == "login":
                    fields |= {"login": person, "password": "any"}
                answer = await self.client.post(html.unescape(action[1]), data=fields)

    async def sign_in(self, person: str) -> httpx.Response:
        return await self.client.get(await self.come_back(person))


def _hidden(page: str) -> Iterator[tuple[str, str]]:
    for field in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        assert name is not None
        assert value is not None
        yield name[1], value[1]


def changed(address: str, **parameters: str) -> str:
    """The address with other parameters."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | parameters
    return urlunsplit(parts._replace(query=urlencode(query)))


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[int, openid.Provider]]:
    """A port for the HTTP interfaces of these tests, one after another, and a provider that sends people back there: to
    start one takes a processor for a second.
    """
    port = free_base()
    with openid.running(PEOPLE, f"http://127.0.0.1:{port}{CALLBACK}") as provider:
        yield port, provider


@asynccontextmanager
async def city(port: int, provider: openid.Provider) -> AsyncIterator[City]:
    """At this port, to which the provider sends people back."""
    world = World(now=time.time())
    await world.person("wang", Role.ADMINISTRATOR)
    server = Server(world.app(), "127.0.0.1", port)
    serving = asyncio.create_task(server.serve())
    async with patience("the HTTP server"):
        await server.wait_started()
    base = f"http://127.0.0.1:{port}"
    settings = OpenId.model_validate(
        {
            "issuer": provider.issuer,
            "client_id": openid.CLIENT_ID,
            "client_secret": openid.CLIENT_SECRET,
            "callback": base + CALLBACK,
            "agent_claim": "agent_id",
            "grants": GRANTS,
        }
    )
    world.accounts.openid = Provider(settings, lambda: world.now)
    yield City(world, provider, base)
    await world.accounts.openid.close()
    server.should_exit = True
    await serving


@pytest.fixture
async def here(shared: tuple[int, openid.Provider]) -> AsyncIterator[City]:
    async with city(*shared) as made:
        yield made


@asynccontextmanager
async def city_with(**how: Any) -> AsyncIterator[City]:
    """With a provider of its own. `how`: of `lab.openid.running`."""
    port = free_base()
    with openid.running(PEOPLE, f"http://127.0.0.1:{port}{CALLBACK}", **how) as provider:
        async with city(port, provider) as made:
            yield made


@pytest.mark.parametrize("in_id_token", [True, False], ids=["in the ID token", "in userinfo"])
async def test_a_person_signs_in_at_the_provider_and_out_here(in_id_token: bool) -> None:
    async with city_with(in_id_token=in_id_token) as here, here.browser() as browser:
        answer = await browser.sign_in("4711")
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["actor"], told["roles"], told["queues"]) == ("user:li", ["supervisor"], ["greening"])
        cookies = [header.lower() for header in answer.headers.get_list("Set-Cookie")]
        assert any(cookie.startswith("wutong=") and "samesite=strict" in cookie for cookie in cookies)
        assert (await browser.get(SESSION)).json() == told
        assert [queue["id"] for queue in (await browser.get("/api/v1/queues")).json()] == ["greening"]
        own = {"old": "x", "new": "a long enough one"}
        csrf = {"X-CSRF-Token": told["csrf"]}
        url = browser.base + SESSION
        assert (await browser.client.put(f"{url}/password", json=own, headers=csrf)).status_code == 409
        assert (
            await browser.client.post(f"{url}/second-factor", json={"password": "x"}, headers=csrf)
        ).status_code == 409
        assert (await browser.client.delete(url, headers=csrf)).status_code == 204
        assert (await browser.get(SESSION)).status_code == 401
        (person,) = (person for person in here.world.store.people.values() if person.name == "li")
        assert (person.password, person.subject) == (None, f"{here.provider.issuer} 4711")
        entries = await here.world.accounts.audit.list("user:li", None, 0, 10)
        assert [entry.what for entry in entries[::-1]] == [
            *("user-added", "signed-in", "own-password", "second-factor-offered", "signed-out")
        ]
        assert entries[-1].detail == "by OpenID: roles=supervisor queues=greening"


@pytest.mark.parametrize(("person", "shown"), [("4711", "/"), ("4713", "/?openid=403")], ids=["admitted", "no role"])
async def test_a_browser_comes_back_to_the_console(here: City, person: str, shown: str) -> None:
    async with here.browser() as browser:
        address = await browser.come_back(person)
        answer = await browser.client.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
        assert (answer.status_code, answer.headers["Location"]) == (303, shown)
        assert (await browser.get(SESSION)).status_code == (200 if shown == "/" else 401)


@pytest.mark.parametrize("there", [True, False])
async def test_a_page_learns_whether_there_is_a_provider(shared: tuple[int, openid.Provider], there: bool) -> None:
    if there:
        async with city(*shared) as here, here.browser() as browser:
            assert (await browser.get(f"{SESSION}/ways")).json() == {"openid": True}
    else:
        async with World().client(token=None) as client:
            assert (await client.get(f"{SESSION}/ways")).json() == {"openid": False}


async def test_an_account_of_the_provider_has_no_password(here: City) -> None:
    async with here.browser() as browser, here.world.client() as administrator:
        await browser.sign_in("4711")
        assert (await administrator.put("/api/v1/users/li/password", json={})).status_code == 409
        told = {person["name"]: person["openid"] for person in (await administrator.get("/api/v1/users")).json()}
        assert told == {"li": True, "wang": False}
        local = await administrator.post(SESSION, json={"name": "li", "password": PASSWORD})
        assert local.status_code == 401


async def test_roles_follow_the_provider_at_the_next_sign_in(here: City) -> None:
    async with here.browser() as browser, here.browser() as another:
        assert (await browser.sign_in("4712")).json()["agent"] == "1001"
        directory = here.world.accounts.directory
        await directory.change("zhao", roles=frozenset({Role.ADMINISTRATOR}), agent=None)
        assert (await another.sign_in("4712")).json()["roles"] == ["agent"]
        before = directory.people["zhao"]
        assert (await another.sign_in("4712")).status_code == 200
        assert directory.people["zhao"] is before, "nothing changed: event streams go on"


async def test_whom_the_provider_gives_no_role_any_more_is_signed_out_at_the_next_try(here: City) -> None:
    async with here.browser() as before, here.browser() as another:
        assert (await before.sign_in("4712")).status_code == 200
        provider = here.world.accounts.openid
        assert isinstance(provider, Provider)
        left = {name: grant for name, grant in provider.settings.grants.items() if name != "hotline-agents"}
        provider.settings = provider.settings.model_copy(update={"grants": left})
        assert (await another.sign_in("4712")).status_code == 403
        assert (await before.get(SESSION)).status_code == 401


async def test_a_person_known_there_and_not_admitted_here_is_refused(here: City) -> None:
    refused = {
        "4713": "gives you no role",
        "4714": "belongs to another account",  # a local one
        "4715": "does not say which",  # agent the person is
        "4716": "is not a name for an account",
    }
    for times, (person, why) in enumerate(refused.items(), start=1):
        async with here.browser() as browser:
            answer = await browser.sign_in(person)
            assert (answer.status_code, why in answer.json()["detail"]) == (403, True), answer.text
            assert (await browser.get(SESSION)).status_code == 401
        assert set(here.world.store.people) == {"wang"}
        assert here.world.store.people["wang"].subject is None
        assert here.world.store.sessions == {}
        entries = await here.world.accounts.audit.list(None, "sign-in-refused", 0, 10)
        assert [(entry.status, entry.address) for entry in entries] == [(403, "127.0.0.1")] * times


async def test_an_answer_for_another_browser_is_refused(here: City) -> None:
    """Somebody leads a visitor to the own answer, to have the visitor work in the wrong account; or steals a code."""
    async with here.browser() as attacker, here.browser() as visitor, here.browser() as stranger:
        address = await attacker.come_back("4711")
        assert (await stranger.client.get(address)).status_code == 401, "no cookie"
        own = await visitor.get(OPENID)
        assert (await visitor.client.get(address)).status_code == 401, "another state"
        state = parse_qs(urlsplit(own.headers["Location"]).query)["state"][0]
        injected = await visitor.client.get(changed(address, state=state))
        assert injected.status_code == 401
        assert "does not accept the code" in injected.json()["detail"], "the provider compares the verifier"
        for wrong in ("", "x", "é" * 300):
            assert (await attacker.client.get(changed(address, state=wrong))).status_code == 401
        other = changed(address, iss="https://elsewhere.example")
        assert (await attacker.client.get(other)).status_code == 401
    assert here.world.store.sessions == {}
    assert here.world.accounts.sign_in.figures[Outcome.WRONG] == 7


async def test_a_token_for_another_sign_in_is_refused(here: City) -> None:
    async with here.browser() as browser:
        address = await browser.come_back("4711", lambda there: changed(there, nonce="of-another-sign-in"))
        answer = await browser.client.get(address)
        assert answer.status_code == 401
        assert "not valid for this sign-in" in answer.json()["detail"]


async def test_a_code_counts_once(here: City) -> None:
    async with here.browser() as browser:
        address = await browser.come_back("4711")
        cookie = browser.client.cookies["wutong-openid"]
        assert (await browser.client.get(address)).status_code == 200
        assert "wutong-openid" not in browser.client.cookies
        browser.client.cookies.set("wutong-openid", cookie)
        again = await browser.client.get(address)
        assert again.status_code == 401
        assert "too old, was used" in again.json()["detail"]


async def test_a_code_that_is_too_old_is_refused() -> None:
    async with city_with(code_s=1) as here, here.browser() as browser:
        address = await browser.come_back("4711")
        await asyncio.sleep(2.1)  # the provider's clock is what is tested
        answer = await browser.client.get(address)
        assert answer.status_code == 401
        assert "too old" in answer.json()["detail"]


async def test_a_person_who_turns_back_there_is_told(here: City) -> None:
    async with here.browser() as browser:
        begun = await browser.get(OPENID)
        state = parse_qs(urlsplit(begun.headers["Location"]).query)["state"][0]
        said = await browser.get(f"{OPENID}/callback?error=access_denied&error_description=x&state={state}")
        assert said.status_code == 401
        assert "did not sign you in: access_denied" in said.json()["detail"]
        forged = await browser.get(f"{OPENID}/callback?{urlencode({'error': 'call 555-1234 now', 'state': state})}")
        assert "555" not in forged.text


async def test_guessing_at_the_way_back_is_slow(here: City) -> None:
    async with here.browser() as browser:
        codes = [(await browser.get(f"{OPENID}/callback?code=x&state=y")).status_code for _ in range(23)]
        assert codes == [401] * 21 + [429] * 2


async def test_local_accounts_work_while_the_provider_is_away_and_a_browser_is_shown_why() -> None:
    async with city_with() as here, here.browser() as browser:
        address = await browser.come_back("4711")
        here.provider.stop()
        for _ in range(25):
            answer = await browser.client.get(address)
            assert answer.status_code == 503
            assert "Accounts with a password still work" in answer.json()["detail"]
        openid_away = here.world.accounts.openid
        assert openid_away is not None
        here.world.accounts.openid = Provider(openid_away.settings, lambda: here.world.now)  # after a restart
        tries = await asyncio.gather(*(browser.get(OPENID) for _ in range(30)))
        assert {answer.status_code for answer in tries} == {503}
        shown = await browser.client.get(browser.base + OPENID, headers={"Accept": "text/html"})
        assert (shown.status_code, shown.headers["Location"]) == (303, "/?openid=503")
        local = await browser.client.post(browser.base + SESSION, json={"name": "wang", "password": PASSWORD})
        assert local.status_code == 201, "tries with a provider that is away lock nobody"
        await openid_away.close()
    assert here.world.accounts.sign_in.figures[Outcome.AWAY] == 56


async def test_in_the_running_service(wutong: Wutong) -> None:
    base = f"http://127.0.0.1:{wutong.base}"
    with openid.running(PEOPLE, base + CALLBACK) as provider:
        wutong.folder.make()
        wutong.folder.settings.write_text(
            f"""
            openid_client_secret = "{openid.CLIENT_SECRET}"
            [openid]
            issuer = "{provider.issuer}"
            client_id = "{openid.CLIENT_ID}"
            callback = "{base + CALLBACK}"
            grants.hotline-supervisors.roles = ["supervisor"]
            """
        )
        await wutong.up()
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            browser = Browser(client, base)
            assert (await browser.sign_in("4711")).json()["actor"] == "user:li"
            before = (await wutong.status())["pid"]
            assert (await wutong.run("restart"))[0] == 0
            await wutong.next_service(before)
            assert (await browser.get(SESSION)).json()["roles"] == ["supervisor"]
            client.cookies.clear()
            assert (await browser.sign_in("4711")).json()["actor"] == "user:li", "the same account, from the database"
        status, output = await wutong.run_in("user", "list")
        assert status == 0
        assert re.search(r"^li  supervisor  signed in 2x  by OpenID$", output, re.MULTILINE), output


async def test_without_a_provider_there_is_nothing() -> None:
    async with World().client(token=None) as client:
        for path in (OPENID, f"{OPENID}/callback"):
            assert (await client.get(path)).status_code == 404
