"""Agents sign in, are ready, are not, sign out; and what their phones may do."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from lab.phone import CallFailed, Phone, RegistrationFailed
from tests.integration.conversations import connected, hear_each_other, queued
from tests.integration.world import World, kinds, record

ENGLISH_FIRST = '  - {id: "1006", name: Greening six, skills: {greening: 3}, languages: [en, zh]}\n'


@pytest.fixture
def hotline_folder(hotline_folder: Path) -> Path:
    """A minute of wrap-up: when one ends in a test, somebody has ended it. And an agent who speaks English first."""
    queues, agents = hotline_folder / "hotline.yaml", hotline_folder / "agents.yaml"
    queues.write_text(queues.read_text().replace("wrap_up: 1s", "wrap_up: 60s"))
    agents.write_text(agents.read_text() + ENGLISH_FIRST)
    return hotline_folder


async def dial_code(hotline: World, phone: Phone, code: str, answer: str, language: str = "zh") -> None:
    """Dial, hear the answer, and be hung up on."""
    call = await phone.dial(code)
    await call.hears_recording(hotline.clip(answer, language))
    ending = await call.ended()
    assert not ending.by_us


# -- states -----------------------------------------------------------------------------------------------------------


async def test_states_are_asked_for_by_http(hotline: World) -> None:
    listed = await hotline.get("agents")
    assert [agent["id"] for agent in listed] == ["1001", "1002", "1003", "1004", "1005", "2200", "2201", "2202", "1006"]
    one = listed[0]
    since = datetime.fromisoformat(one.pop("since"))
    assert since.tzinfo is not None
    assert one == one | {  # there may be more
        "id": "1001",
        "name": "绿化一席",
        "skills": {"greening": 4, "general": 2},
        "languages": ["zh", "en"],
        "state": "logged-out",
        "reason": "",
        "phone": "unreachable",
        "queue": None,
        "call_id": None,
        "missed_offers": 0,
        "next_state": None,
    }
    ready = await hotline.set_state("1001", "ready")
    assert ready["state"] == "ready"
    assert datetime.fromisoformat(ready["since"]) > since
    assert await hotline.set_state("1001", "ready") == ready  # no error, no change
    assert (await hotline.get("queues/greening"))["agents"]["ready"] == 1
    away = await hotline.set_state("1001", "not-ready", " 午饭 ")
    assert (away["state"], away["reason"]) == ("not-ready", "午饭")
    assert (await hotline.get("queues/greening"))["agents"]["not_ready"] == 1
    assert (await hotline.set_state("1001", "logged-out"))["state"] == "logged-out"
    assert (await hotline.get("agents/1001"))["reason"] == ""


async def test_what_cannot_be_asked_for_is_refused_with_a_sentence(hotline: World) -> None:
    unknown = await hotline.http.put("/api/v1/agents/1999/state", json={"state": "ready"})
    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == "application/problem+json"
    assert "1001" in unknown.json()["detail"]
    assert (await hotline.http.get("/api/v1/agents/1999")).status_code == 404
    for body in (
        {"state": "on-call"},
        {"state": "ready", "reason": "a\nb"},
        {"state": "ready", "reason": "x" * 101},
        {},
    ):
        refused = await hotline.http.put("/api/v1/agents/1001/state", json=body)
        assert refused.status_code == 422, body
        assert refused.json()["errors"], body
    stranger = await hotline.http.put(
        "/api/v1/agents/1001/state", json={"state": "ready"}, headers={"Authorization": "Bearer guessed"}
    )
    assert stranger.status_code == 401
    assert (await hotline.get("agents/1001"))["state"] == "logged-out"


async def test_states_are_dialled_and_the_answer_is_spoken_in_the_agents_language(hotline: World) -> None:
    chinese, english = await hotline.agent_phone("1001"), await hotline.agent_phone("1006")
    await dial_code(hotline, chinese, "*45", "agent-ready")
    assert (await hotline.get("agents/1001"))["state"] == "ready"
    await dial_code(hotline, chinese, "*46", "agent-not-ready")
    view = await hotline.get("agents/1001")
    assert (view["state"], view["reason"]) == ("not-ready", "phone")
    await dial_code(hotline, chinese, "*47", "agent-signed-out")
    assert (await hotline.get("agents/1001"))["state"] == "logged-out"
    await dial_code(hotline, english, "*45", "agent-ready", "en")
    assert (await hotline.get("agents/1006"))["state"] == "ready"
    assert (await hotline.get("calls")) == []  # a code is not a call


async def test_what_was_dialled_holds_though_the_agent_hangs_up_at_once(hotline: World) -> None:
    phone = await hotline.agent_phone("1001")
    await (await phone.dial("*45")).hang_up()
    await hotline.see_agent("1001", state="ready", phone="free")
    await (await phone.dial("*46")).hang_up()
    await hotline.see_agent("1001", state="not-ready", phone="free")


async def test_two_agents_sign_in_at_once_and_each_gets_a_caller_after_the_spoken_answer(hotline: World) -> None:
    phones = [await hotline.agent_phone("1001"), await hotline.agent_phone("1002")]
    calls = [await queued(hotline, "1"), await queued(hotline, "1", "13900139000")]
    codes = [await phone.dial("*45") for phone in phones]
    offers = await asyncio.gather(*(phone.incoming() for phone in phones))
    assert {offer.caller_number for offer in offers} == {"13800138000", "13900139000"}
    for code in codes:
        assert not code.up  # no phone rings during the call to the code
        await code.hears_recording(hotline.clip("agent-ready"))
    for call in calls:
        await call.hang_up()


async def test_ready_ends_the_wrap_up(hotline: World) -> None:
    phone = await hotline.agent("1001")
    for again in ("*45", "http"):
        call, _ = await connected(hotline, phone)
        await call.hang_up()
        view = await hotline.see_agent("1001", state="wrap-up")
        assert view["queue"] == "greening"
        if again == "http":
            await hotline.set_state("1001", "ready")
        else:
            await dial_code(hotline, phone, again, "agent-ready")
        view = await hotline.get("agents/1001")
        assert (view["state"], view["queue"], view["call_id"]) == ("ready", None, None)
        await hotline.see_agent("1001", phone="free")


async def test_what_is_asked_for_in_a_call_comes_after_it(hotline: World) -> None:
    phone = await hotline.agent("1001")
    call, offer = await connected(hotline, phone)
    view = await hotline.set_state("1001", "not-ready", "lunch")
    assert (view["state"], view["next_state"]) == ("on-call", "not-ready")
    await hear_each_other(call, offer, one_says=900)  # it goes on
    await offer.hang_up()
    view = await hotline.see_agent("1001", state="wrap-up")
    assert view["next_state"] == "not-ready"
    view = await hotline.set_state("1001", "logged-out")  # another choice, which ends the wrap-up
    assert view["state"] == "logged-out"
    await call.ended()


async def test_an_agent_who_goes_while_it_rings_leaves_the_caller_to_the_next(hotline: World) -> None:
    first, second = await hotline.agent("1001"), await hotline.agent("1002")
    call = await queued(hotline, "1")
    ringing = await first.incoming()
    await ringing.ring()
    view = await hotline.set_state("1001", "not-ready", "lunch")
    assert (view["state"], view["reason"], view["missed_offers"]) == ("not-ready", "lunch", 0)
    await ringing.cancelled()
    assert (await second.incoming()).caller_number == "13800138000"
    await call.hang_up()


# -- phones -----------------------------------------------------------------------------------------------------------


async def test_ready_without_a_phone_is_accepted_and_calls_come_once_it_is_there(hotline: World) -> None:
    phone = await hotline.agent_phone("1001", register=False)
    view = await hotline.set_state("1001", "ready")
    assert (view["state"], view["phone"]) == ("ready", "unreachable")
    call = await queued(hotline, "1")
    await hotline.see_queue("greening", waiting=1)
    await phone.register(expires=60)
    offer = await phone.incoming()
    assert offer.caller_number == "13800138000"
    await call.hang_up()
    await offer.cancelled()
    await phone.unregister()
    view = await hotline.see_agent("1001", phone="unreachable")
    assert view["state"] == "ready"
    second = await queued(hotline, "1", "13900139000")
    await hotline.see_queue("greening", waiting=1)
    assert not phone.calls
    await second.hang_up()
    told = await hotline.ended("13900139000")
    assert "offered" not in kinds(told)


async def test_a_phone_that_goes_dead_gets_no_calls_until_it_is_back(hotline: World) -> None:
    phone = await hotline.agent("1001")
    phone.unplug()
    view = await hotline.see_agent("1001", phone="unreachable")
    assert view["state"] == "ready"
    call = await queued(hotline, "1")
    await hotline.see_queue("greening", waiting=1)
    phone.plug_in()
    await phone.incoming()  # free, and rung in the same moment
    await call.hang_up()
    told = await hotline.ended()
    assert kinds(told).count("offered") == 1


async def test_a_second_phone_replaces_the_first(hotline: World) -> None:
    old = await hotline.agent("1001")
    new = await hotline.agent_phone("1001")
    call = await queued(hotline, "1")
    offer = await new.incoming()
    assert not old.calls
    await offer.answer()
    await hear_each_other(call, offer)
    await call.hang_up()


@pytest.mark.parametrize("password", ["wrong-password", ""])
async def test_a_wrong_password_is_refused(hotline: World, password: str) -> None:
    async with Phone(hotline.sip, "1001", password) as intruder:
        with pytest.raises(RegistrationFailed):
            await intruder.register()
        for number in ("12319", "*45", "1002"):
            with pytest.raises(CallFailed):
                await intruder.dial(number)
    view = await hotline.get("agents/1001")
    assert (view["state"], view["phone"]) == ("logged-out", "unreachable")


# -- what agents dial -------------------------------------------------------------------------------------------------


async def test_agents_call_each_other_and_are_left_alone_meanwhile(hotline: World) -> None:
    one, other = await hotline.agent("1001"), await hotline.agent("1002")
    own = await one.place("1002")
    came = await other.incoming()
    assert came.caller_number == "1001"
    await came.ring()
    await hotline.see_agent("1001", phone="busy")  # while it rings too
    await hotline.see_agent("1002", phone="busy")
    await came.answer()
    await own.answered()
    await hear_each_other(own, came)
    call = await queued(hotline, "1")
    await hotline.see_queue("greening", waiting=1)
    await hear_each_other(own, came, one_says=900, other_says=500)
    for agent_id in ("1001", "1002"):
        view = await hotline.get(f"agents/{agent_id}")
        assert (view["state"], view["phone"]) == ("ready", "busy")
    await own.hang_up()
    await came.ended()
    first = asyncio.ensure_future(one.incoming())
    second = asyncio.ensure_future(other.incoming())
    done, late = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
    for waiting in late:
        waiting.cancel()
    offer = done.pop().result()
    assert offer.caller_number == "13800138000"
    await offer.answer()
    await hear_each_other(call, offer)
    await call.hang_up()
    told = await hotline.ended()
    assert kinds(told).count("offered") == 1
    assert len(await hotline.get("calls")) == 1  # agents' own calls are not the hotline's


async def test_an_agent_dials_a_queue_and_waits_in_it(hotline: World) -> None:
    general, expert = await hotline.agent("1003"), await hotline.agent_phone("1001")
    own = await general.dial("6001")
    await own.hears("sound")
    await hotline.see_queue("greening", waiting=1)
    await dial_code(hotline, expert, "*45", "agent-ready")
    offer = await expert.incoming()
    assert offer.caller_name == "绿化 1003"
    await offer.answer()
    await hear_each_other(own, offer)
    await own.hang_up()
    told = await hotline.ended("1003")
    assert (told["outcome"], told["number"], told["queue"]) == ("answered", "6001", "greening")
    assert "menu-entered" not in kinds(told)
    await hotline.see_agent("1003", state="ready", phone="free")


async def test_an_agent_who_waits_in_a_queue_is_not_rung_for_that_call(hotline: World) -> None:
    agent = await hotline.agent("1001")
    own = await agent.dial("6001")
    await hotline.see_queue("greening", waiting=1)
    assert agent.calls == (own,)
    other = await hotline.agent("1002")
    assert (await other.incoming()).caller_number == "1001"
    await own.hang_up()
    assert kinds(await hotline.ended("1001")).count("offered") == 1


async def test_an_agent_dials_the_hotline_and_a_sub_hotline(hotline: World) -> None:
    agent, gas = await hotline.agent_phone("1003"), await hotline.agent_phone("2201")
    own = await agent.dial("12319")
    await own.hears_recording(hotline.clip(hotline.hotline.greeting))
    await own.press("2")
    await own.hears_recording(hotline.menu("water"))
    await own.hang_up()
    told = await hotline.ended("1003")
    assert record(told, "key-pressed")["key"] == "2"
    own = await agent.place("2201")
    came = await gas.incoming()
    await came.answer()
    await own.answered()
    await hear_each_other(own, came)
    await came.hang_up()
    await own.ended()


async def test_an_agent_reaches_nothing_else(hotline: World) -> None:
    agent = await hotline.agent("1001")
    for number in ("962777", "1999", "6999", "*49", "*4", "s", "123191", "acd"):
        with pytest.raises(CallFailed):
            await agent.dial(number)
    await hotline.see_agent("1001", state="ready", phone="free")
