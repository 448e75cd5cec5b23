import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from agents.states import AgentState
from calls.leg import LAST_WORDS
from calls.live.reception import UnknownScript
from calls.live.unserved import caller_number
from dialplan.agi_session import AgiSession, proof
from dialplan.fastagi import AgiServer
from dialplan.render import NUMBER_GONE
from journal.actor import Actor
from journal.records import Kind
from tests.unit.asterisk.agi import HEADERS, AgiLine
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import AGI_SECRET, PROMPT, Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import HOLD, NEXT, Hall, hall
from tests.unit.service.dying import folded, rings, talks

BACK_TO_FIRST = {"to": {"queue": "trees"}, "front": True, "agent_first": "1001", "apology": "transfer-failed"}
"""What the Record `routed` has of a caller whose transfer by 1001 has failed."""

CALL_ID = re.compile(r"[0-9a-f]{10,16}-[0-9a-f]{8}")


@pytest.mark.parametrize("said", ["13800138000", "+862112345678", "alice", "anonymous", "1*2#3", "a.b_c-d", "9" * 40])
def test_numbers_and_users_are_taken(said: str) -> None:
    assert caller_number(said) == said


@pytest.mark.parametrize(
    "said", ["", "9" * 41, "1 2", "张三", '"x"', "<1>", "1\r\nAction: x", "1\n", "a,b", "a;b", "${X}", "a&b", "a/b"]
)
def test_what_is_no_number_is_left_out(said: str) -> None:
    assert caller_number(said) == ""


@given(st.text())
def test_whatever_a_phone_says_is_harmless(said: str) -> None:
    assert re.fullmatch(r"[0-9A-Za-z+*#._-]{0,40}", caller_number(said))


@fake_time
async def test_a_session_left_over_by_a_call_that_is_over_has_no_story() -> None:
    """The service was frozen for a while, in which a caller came and hung up."""
    async with hall() as here:
        left_over = here.caller(arg_2="18bcfe56800-0011aabb")
        left_over.hang_up()
        await passes(2 * LAST_WORDS)
        assert here.kinds() == []
        assert len(here.switchboard) == 0


@fake_time
async def test_a_call_gets_an_id_that_sorts_by_time_and_the_default_language() -> None:
    async with hall() as here:
        first = here.caller("a", arg_2="", arg_3="", arg_4="fr")
        await passes(1)
        here.caller("b")
        await settles()
        one, two = here.call("a"), here.call("b")
        assert CALL_ID.fullmatch(one.id)
        assert one.id < two.id
        started, _ = here.told(Kind.CALL_STARTED)
        assert (started["language"], started["caller"], started["number"]) == ("en", "13800138000", "12319")
        assert started["channel"] == first.channel
        assert started["resumed"] is False
        assert first.variables["WUTONG_CALL"] == one.id


@fake_time
async def test_a_call_whose_session_broke_goes_on_under_its_id_and_hears_why() -> None:
    async with hall() as here:
        caller = here.caller(arg_2="18bcfe56800-0011aabb")
        await settles()
        assert here.call().id == "18bcfe56800-0011aabb"
        assert here.told(Kind.CALL_STARTED)[0]["resumed"] is True
        assert caller.heard[0].startswith("We are sorry, something went wrong.")


@pytest.mark.parametrize("said", ["x", "18BCFE56800-0011aabb", "../../etc", "18bcfe56800"])
@fake_time
async def test_an_id_that_is_none_of_ours_is_not_taken(said: str) -> None:
    async with hall() as here:
        caller = here.caller(arg_2=said)
        await settles()
        assert CALL_ID.fullmatch(here.call().id)
        assert here.call().id != said
        assert caller.heard[0] == "Welcome"


@fake_time
async def test_two_cannot_be_one_call() -> None:
    async with hall() as here:
        here.caller("a", arg_2="18bcfe56800-0011aabb")
        await settles()
        here.caller("b", arg_2="18bcfe56800-0011aabb")
        await settles()
        assert here.call("a").id == "18bcfe56800-0011aabb" != here.call("b").id


@fake_time
async def test_an_extension_leads_straight_into_its_queue() -> None:
    async with hall() as here:
        caller = here.caller(extension="6001", arg_6="1002")
        await settles()
        assert (caller.heard, caller.held) == ([], True), "an agent is told nothing, and may hand a caller over at once"
        assert here.waiting("trees") == 1


@fake_time
async def test_an_extension_that_the_hotline_no_longer_has_leads_to_the_menu() -> None:
    async with hall() as here:
        caller = here.caller(extension="6999")
        await settles()
        assert caller.heard == ["Welcome"]


@fake_time
async def test_an_agents_code_is_no_call() -> None:
    async with hall() as here:
        phone = here.caller(network_script="code", extension="*45", arg_2="1001")
        await here.over()
        assert here.state("1001") == "ready"
        assert here.records[-1].actor == Actor.agent("1001")
        assert phone.heard == ["You are signed in and ready."]
        assert phone.hung_up
        assert len(here.switchboard) == 0


@fake_time
async def test_a_script_of_another_version_is_an_error_that_says_what_to_do() -> None:
    async with hall() as here:
        refused = asyncio.Event()

        async def answer(session: AgiSession) -> None:
            with pytest.raises(UnknownScript, match="run `up` again"):
                await here.reception.answer(session)
            refused.set()

        server = AgiServer(answer, "127.0.0.1", 0, limit=1)
        await server.start()
        async with AgiLine.call(
            server.port, agi_network_script="survey", agi_arg_1=proof(AGI_SECRET, HEADERS["agi_uniqueid"])
        ):
            await refused.wait()
        await server.stop(0)


OWN = proof(AGI_SECRET, "caller-1")
FORGED = ("", "1001", AGI_SECRET.get_secret_value(), f"{OWN} ", OWN.upper(), proof(AGI_SECRET, "caller-2"), "密码")


@pytest.mark.parametrize("shown", FORGED)
@pytest.mark.parametrize(("script", "extension"), [("call", "12319"), ("call", "6001"), ("code", "*45"), ("x", "")])
@fake_time
async def test_a_forged_session_is_closed_and_changes_nothing(shown: str, script: str, extension: str) -> None:
    async with hall() as here:
        records = len(here.records)
        forger = here.caller(network_script=script, extension=extension, arg_1=shown, arg_2="1001")
        await here.over()
        assert not forger.served
        assert (forger.heard, forger.variables, here.watched) == ([], {}, set())
        assert (len(here.records), len(here.switchboard)) == (records, 0)
        assert here.state("1001") == "logged-out"
        assert here.reception.refused == 1


@fake_time
async def test_forged_sessions_are_logged_once_a_burst_without_what_they_say() -> None:
    async with hall() as here:
        with capture_logs() as logs:
            for _ in range(3):
                here.caller("forger", arg_1="a guess", callerid="666")
                await here.over("forger")
            here.caller()
            await settles()
            here.caller("forger", arg_1="a guess", callerid="666")
            await here.over("forger")
        assert [(entry["event"], entry["refused"]) for entry in logs] == [("agi-refused", 1), ("agi-refused", 4)]
        assert "a guess" not in str(logs)
        assert "666" not in str(logs)
        assert AGI_SECRET.get_secret_value() not in str(logs)


@fake_time
async def test_a_second_session_of_a_live_channel_is_closed_and_the_call_stays_as_it_is() -> None:
    async with hall() as here:
        caller = await here.queued()
        call, records = here.call(), len(here.records)
        first = caller.line
        second = here.caller()
        with capture_logs() as logs:
            await here.over()
        assert [entry["event"] for entry in logs] == ["agi-channel-taken"]
        assert not second.served
        assert here.call() is call
        assert caller.line is first
        assert caller.served
        assert here.watched == {caller.id}
        assert (len(here.records), len(here.switchboard)) == (records, 1)


# --- who comes back


@fake_time
async def test_a_session_that_broke_goes_on_in_the_next_at_the_callers_state() -> None:
    async with hall() as here:
        caller = await here.queued()
        caller.session_breaks()
        await settles()
        caller.out()
        assert caller.knocks
        here.lets_in()
        await passes(10 * LAG)
        assert caller.held
        assert here.waiting() == 1
        assert [here.kinds().count(kind) for kind in (Kind.CALL_STARTED, Kind.CALL_RESUMED)] == [1, 1]


async def let_go_late(here: Hall) -> tuple[Caller, Leg]:
    """A caller whom a leg has taken; the old session waits for AMI, which is late, to tell what the leg came to."""
    caller, ring = await rings(here)
    await here.answer(ring)
    here.asterisk.late = True
    ring.connects(caller)
    caller.out()
    await settles()
    return caller, ring


@fake_time
async def test_of_several_new_sessions_at_once_one_is_served() -> None:
    async with hall() as here:
        caller, ring = await let_go_late(here)
        sessions = []
        for _ in range(3):
            sessions.append(caller.comes_in())
            await settles()
        ring.is_over()
        here.asterisk.late = False
        await passes(10 * LAG)
        assert [session.open for session in sessions].count(True) == 1
        assert here.kinds().count(Kind.CALL_RESUMED) <= 3
        assert caller.playing == "Goodbye"


@fake_time
async def test_a_call_that_ends_while_its_old_session_is_let_go_is_not_served_again() -> None:
    async with hall() as here:
        caller, ring = await let_go_late(here)
        session = caller.comes_in()
        await settles()
        caller.event("HangupRequest", Cause="16")
        ring.is_over()
        here.asterisk.late = False
        await passes(1)
        assert not session.open
        assert len(here.switchboard) == 0
        assert here.watched == set()
        assert here.kinds().count(Kind.CALL_FINISHED) == 1


@fake_time
async def test_another_channel_that_says_it_is_a_live_call_is_a_call_of_its_own() -> None:
    async with hall() as here:
        caller = await here.queued()
        async with here.restarted() as after:
            call_id = here.call().id
            caller.knocks = False
            after.caller("stranger", arg_2="18bcfe56800-0011aabb")
            await settles()
            await after.adopts()
            after.caller("second", arg_2=call_id)
            await settles()
            assert after.call().id == call_id
            assert after.call("second").id != call_id
            assert caller.held


@fake_time
async def test_before_a_restart_earlier_callers_come_back_in() -> None:
    async with hall() as here:
        caller = await here.queued()
        async with here.restarted() as after:
            after.intake.leaving = True
            await after.adopts()
            after.asterisk.callers[caller.channel].out()
            after.lets_in()
            await passes(10 * LAG)
            assert caller.held
            assert not caller.rings


@fake_time
async def test_after_a_restart_a_caller_of_a_removed_number_keeps_the_place() -> None:
    async with hall() as here:
        caller = await here.queued()
        call_id = here.call().id
        async with here.restarted() as after:
            await after.adopts()
            caller.out()
            caller.comes_in(extension=NUMBER_GONE)
            await passes(1)
            assert (caller.held, after.waiting(), after.call().id) == (True, 1, call_id)
            assert after.call().machine.arrival.number == "12319"


@fake_time
async def test_an_unknown_caller_of_a_removed_number_begins_again() -> None:
    async with hall() as here:
        here.caller(extension=NUMBER_GONE, arg_2="18bcfe56800-0123abcd")
        await passes(1)
        assert (here.call().id, here.call().machine.arrival.number) == ("18bcfe56800-0123abcd", "")


@fake_time
async def test_while_drained_a_transferred_caller_waits_in_the_queue_and_one_who_dials_it_is_turned_away() -> None:
    async with hall() as here:
        caller = await here.queued()
        here.sign_in()
        ring = await here.rung()
        await here.answer(ring)
        await here.connect(ring, caller)
        here.intake.drained = True
        caller.sent_elsewhere()
        await settles()
        caller.is_moved("6001")
        caller.comes_in()
        await passes(2 * PROMPT)
        assert caller.heard[-2:] == [HOLD, NEXT]
        assert here.waiting() == 1
        other = here.caller("agent", extension="6001", arg_6="1001")
        await passes(1)
        assert "maintenance" in other.heard[0]


# --- who is transferred


async def sent_to(caller: Caller, ring: Leg, phone: str) -> None:
    """The agent's phone has sent the caller to another one, and the caller comes in."""
    caller.sent_elsewhere()
    ring.is_over()
    caller.is_moved(phone)
    await settles()
    caller.comes_in()


@fake_time
async def test_a_caller_sent_to_a_phone_is_put_through_by_the_same_call() -> None:
    async with hall() as here:
        caller, ring = await talks(here)
        call_id = here.call().id
        await sent_to(caller, ring, "1002")
        await passes(LAG)
        assert (caller.dialled, here.call().id) == ("PJSIP/1002,30,gim(default)", call_id)
        assert caller.variables["WUTONG_SUB_HOTLINE"] == "1002/1001/trees"
        assert caller.variables["WUTONG_MOVED"] == ""
        assert here.told(Kind.TRANSFERRED) == [{"how": "blind", "to": {"agent": "1002"}}]
        caller.sub_hotline_answers()
        await passes(5)
        caller.put_through_ends("ANSWER")
        await here.over()
        assert here.kinds()[-4:] == [Kind.TRANSFER_ANSWERED, Kind.TRANSFER_ENDED, Kind.SAID, Kind.CALL_FINISHED]
        assert here.asterisk.globals == {}


@fake_time
async def test_a_caller_joined_unseen_with_a_phone_that_then_declined_comes_back() -> None:
    """The agent had dialled that phone: the caller was in the agent's stead there, and no service was."""
    async with hall() as here:
        caller, ring = await talks(here)
        caller.sent_elsewhere()
        ring.is_over()
        await settles()
        caller.variables["DIALSTATUS"] = "BUSY"
        caller.comes_in(arg_5="", arg_6="", arg_7="", arg_8="1002")
        await passes(LAG)
        assert here.told(Kind.TRANSFERRED) == [{"how": "consult", "to": {"agent": "1002"}}]
        assert here.told(Kind.TRANSFER_FAILED)[0]["status"] == "BUSY"
        assert here.told(Kind.ROUTED)[0]["front"] is True
        await passes(5)
        assert caller.variables["WUTONG_RUNG"] == ""


@fake_time
async def test_a_transfer_whose_first_session_breaks_is_told_once() -> None:
    async with hall() as here:
        caller, ring = await talks(here)
        await sent_to(caller, ring, "1002")
        caller.loses = ("WUTONG_MOVED=", False)
        await settles()
        caller.session_breaks()
        await settles()
        here.lets_in()
        await passes(LAG)
        assert caller.dialled == "PJSIP/1002,30,gim(default)"
        assert here.kinds().count(Kind.TRANSFERRED) == 1
        assert here.kinds().count(Kind.CALL_FINISHED) == 0
        caller.hang_up()
        await here.over()
        assert here.asterisk.globals == {}, "who rang has not talked, and the first talk is known"


@fake_time
async def test_a_transferred_caller_of_whom_nobody_knows_is_put_through_all_the_same() -> None:
    async with hall() as here:
        caller = here.caller(extension="1002", arg_2="18bcfe56800-0011aabb", arg_5="18bcfe56800-0011aabb")
        await passes(1)
        assert (caller.dialled, here.call().id) == ("PJSIP/1002,30,gim(default)", "18bcfe56800-0011aabb")
        caller.put_through_ends("BUSY", "17")
        await passes(2 * PROMPT)
        assert caller.heard[-1] == "Main menu", "nobody knows who sent the caller, or from where"


@fake_time
async def test_a_caller_who_is_back_though_the_session_said_gone_begins_anew() -> None:
    """No transfer of an agent's phone: somebody else redirected the channel."""
    async with hall() as here:
        caller, _ = await talks(here)
        call_id = here.call().id
        caller.sent_elsewhere()
        await settles()
        caller.comes_in()
        await passes(1)
        assert here.call().id == call_id
        assert [here.kinds().count(kind) for kind in (Kind.CALL_STARTED, Kind.CALL_FINISHED)] == [2, 1]
        assert here.told(Kind.TRANSFERRED) == []


@fake_time
async def test_a_transfer_while_the_link_is_down_goes_where_it_was_sent() -> None:
    async with hall() as here:
        caller, ring = await talks(here)
        await here.link_down()
        caller.sent_elsewhere()
        ring.is_over()
        caller.is_moved("1002")
        await passes(1)
        caller.comes_in()
        await passes(LAG)
        assert caller.dialled == "PJSIP/1002,30,gim(default)"
        await here.link_up()
        await passes(1)
        caller.put_through_ends("NOANSWER", "19")
        await passes(PROMPT + 1)
        assert here.waiting() == 1 or here.state() is AgentState.RINGING
        assert here.told(Kind.ROUTED) == [BACK_TO_FIRST]
        assert here.kinds().count(Kind.CALL_FINISHED) == 0


@pytest.mark.parametrize("noted", [True, False], ids=["noted", "not noted"])
@folded
@fake_time
async def test_a_transfer_is_put_through_though_the_service_dies_before_the_phone_is_dialled(
    noted: bool, folded: bool
) -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        await sent_to(caller, ring, "1002")
        caller.loses = ("WUTONG_MOVED=", noted)
        await passes(LAG)
        assert caller.dialled is None
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(1)
            assert caller.dialled == "PJSIP/1002,30,gim(default)"
            assert here.kinds().count(Kind.TRANSFERRED) == 1
            caller.put_through_ends("BUSY", "17")
            await passes(PROMPT + 1)
            assert here.told(Kind.ROUTED) == [BACK_TO_FIRST]


@folded
@fake_time
async def test_a_transfer_that_fails_while_the_service_is_away_brings_the_caller_back(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        await sent_to(caller, ring, "1002")
        await passes(LAG)
        await before.dies()
        caller.put_through_ends("NOANSWER", "19")
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(PROMPT + 1)
            assert here.told(Kind.TRANSFER_FAILED) == [{"to": {"agent": "1002"}, "status": "NOANSWER", "cause": "19"}]
            assert here.told(Kind.ROUTED) == [BACK_TO_FIRST]
            queued = here.told(Kind.QUEUED)[-1]
            assert queued["head_start"] == 86_400.0
