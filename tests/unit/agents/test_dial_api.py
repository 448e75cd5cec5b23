"""Agents' phones that dial, over HTTP."""

import httpx

from base.role import Role
from calls.dial_api import AgentDials, diallable
from hotline.calls_out import CallsOut
from hotline.edition import Edition
from journal.records import Kind
from tests.unit.desk import editions
from tests.unit.faketime import fake_time
from tests.unit.service.calling import FakeCatalogue, hall
from tests.unit.service.small import hotline
from tests.unit.service.world import World


async def dial(world: World, number: str, key: str, agent_id: str = "1001") -> httpx.Response:
    async with world.client(key) as client:
        return await client.post(f"/api/v1/agents/{agent_id}/dial", json={"number": number})


@fake_time
async def test_an_agent_has_the_own_phone_dial_while_it_is_free() -> None:
    async with hall(edition=editions(outside_numbers={"+862012345": {"zh": "市局"}}).in_use) as here:
        world = World(hall=here)
        noted = list[tuple[str, str, str]]()
        world.accounts.audit.note = lambda entry, change: noted.append(  # type: ignore[method-assign,misc]
            (entry.what, entry.target, entry.detail)
        )
        own = await world.key(Role.AGENT, agent="1001")
        assert (await dial(world, "1001", own, agent_id="1002")).status_code == 404
        answer = await dial(world, "110", own)
        assert (answer.status_code, "Not 110." in answer.json()["detail"]) == (422, True)
        answer = await dial(world, "+862012345", own)
        assert (answer.status_code, answer.json()["id"]) == (200, "1001"), "numbers outside may be written so"
        dialled = here.asterisk.asked[-1]
        assert (dialled["Channel"], dialled.variables) == ("PJSIP/1001", {"WUTONG_DIALS": "+862012345"})
        assert noted[-1] == ("agent-dialled", "/agents/1001/dial", "+86*****45"), "masked"
        await here.heard()
        answer = await dial(world, "1002", own)
        assert (answer.status_code, "has a call, or rings" in answer.json()["detail"]) == (409, True)
        await here.link_down()
        assert (await dial(world, "1002", own)).status_code == 503


async def test_nobody_else_dials_for_an_agent_and_no_number_is_a_command() -> None:
    world = World()
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.OPERATIONS, Role.DEPARTMENT):
        assert (await dial(world, "1002", await world.key(role))).status_code == 403
    own = await world.key(Role.AGENT, agent="1001")
    for number in ("", "1 2", "sip:110", "110@trunk", "110,60", "110&1002", "110;lr", "i", "1" * 21):
        assert (await dial(world, number, own)).status_code == 422


CALLS_OUT = CallsOut(allowed=("1[3-9]xxxxxxxxx",), country="86")
CITIZEN = "13800138000"


async def call(
    world: World, key: str, number: str = CITIZEN, queue: str = "trees", agent: str = "1001"
) -> httpx.Response:
    async with world.client(key) as client:
        return await client.post(f"/api/v1/agents/{agent}/dial", json={"number": number, "queue": queue})


@fake_time
async def test_an_agent_calls_a_citizen_for_a_queue_that_the_agent_could_serve() -> None:
    allowed = Edition(hotline().model_copy(update={"calls_out": CALLS_OUT}), FakeCatalogue())
    async with hall(edition=allowed) as here:
        world = World(hall=here)
        noted = list[tuple[str, str]]()
        world.accounts.audit.note = lambda entry, change: noted.append(  # type: ignore[method-assign,misc]
            (entry.what, entry.detail)
        )
        own = await world.key(Role.AGENT, agent="1001")
        answer = await call(world, own)
        assert (answer.status_code, "signed out" in answer.json()["detail"]) == (409, True)
        here.sign_in()
        for number in ("12319", "1001", "2201", "+85212345678", "110", "1380013800x", "٠" * 11):
            assert (await call(world, own, number)).status_code == 422, number
        assert (await call(world, own, queue="general")).status_code == 404, "the agent could never serve it"
        assert (await call(world, own, queue="nowhere")).status_code == 404
        assert (await call(world, own, agent="1002")).status_code == 404
        assert Kind.CALL_OUT_DIALLED not in here.kinds()
        answer = await call(world, own, "+86 13 80 013-8000")
        assert answer.status_code == 200
        assert noted[-1] == ("agent-dialled", "+86*************00 trees"), "masked, whatever stands between the digits"
        assert (answer.json()["state"], answer.json()["call_id"] is not None) == ("ringing", True)
        (record,) = [record for record in here.records if record.kind is Kind.CALL_OUT_DIALLED]
        assert (record.agent, record.queue, record.actor.partition(":")[0]) == ("1001", "trees", "token")
        assert record.data == {"number": "+8613800138000", "shown": "12319", "language": "en"}
        dialled = here.asterisk.asked[-1]
        assert dialled["ChannelId"] == f"out-{record.call}"
        assert dialled.variables == {"WUTONG_OUT": record.call, "WUTONG_DIALS": CITIZEN, "WUTONG_SHOWN": "12319"}
        await here.heard()
        assert (await call(world, own)).status_code == 409, "the phone rings"
        await here.link_down()
        assert (await call(world, own)).status_code == 503


@fake_time
async def test_supervisors_have_agents_call_for_their_queues_and_for_no_others() -> None:
    allowed = Edition(hotline().model_copy(update={"calls_out": CALLS_OUT}), FakeCatalogue())
    async with hall(edition=allowed) as here:
        world = World(hall=here)
        here.sign_in()
        limited = await world.key(Role.SUPERVISOR, queues=frozenset({"trees"}))
        assert (await call(world, limited, queue="general")).status_code == 404
        assert (await call(world, await world.key(Role.OPERATIONS))).status_code == 403
        assert (await call(world, limited)).status_code == 200


async def test_without_a_rule_or_without_a_trunk_nobody_is_called() -> None:
    world = World()
    own = await world.key(Role.AGENT, agent="1001")
    answer = await call(world, own, queue="greening")
    assert (answer.status_code, "calls no citizens" in answer.json()["detail"]) == (422, True)
    world.desk.change(calls_out=CALLS_OUT)
    world.dials = AgentDials(
        world.desk.centre.switchboard.telephony,
        world.desk.centre.calls_out,
        world.desk.distributor,
        lambda: world.desk.hotline,
        trunk=False,
    )
    answer = await call(world, own, queue="greening")
    assert (answer.status_code, "no line" in answer.json()["detail"]) == (409, True)


def test_agents_may_dial_what_their_phones_may() -> None:
    inside = {"12319", "6001", "1001", "1002", "2201"}
    assert diallable(hotline(), trunk=False) == inside
    assert diallable(hotline(), trunk=True) == inside
    allowed = hotline().model_copy(update={"outside_numbers": {"110": {"*": "Police"}}})
    assert diallable(allowed, trunk=False) == inside
    assert diallable(allowed, trunk=True) == inside | {"110"}
