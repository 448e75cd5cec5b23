"""What is new in snapshots made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from dialplan.differences import (
    AtPhone,
    Believed,
    BridgeSeen,
    Caller,
    CallerSeen,
    CallGone,
    CallRestored,
    Difference,
    Leg,
    LegGone,
    LegRestored,
    LegSeen,
    LegUnknown,
    PlaceWithoutCall,
    Restored,
    StrayHeld,
    StraySession,
    TalkOver,
    TookOver,
    Transferred,
    differences,
    gone,
)
from dialplan.news import Apart, News
from dialplan.snapshot import AsteriskSnapshot, Channel

CALLER, CALL, OFFER, AGENT = "caller-1", "c-1", "offer-1", "1001"
HELD, TALK = "bridge-holding", "bridge-talk"


def channel(unique_id: str, application: str = "", bridge: str = "", *, up: bool = True, **variables: str) -> Channel:
    names = {
        "call": "WUTONG_CALL",
        "offer": "WUTONG_OFFER",
        "sub_hotline": "WUTONG_SUB_HOTLINE",
        "taken": "SHARED(WUTONG_TAKEN)",
        "lost": "SHARED(WUTONG_LOST)",
        "status": "DIALSTATUS",
        "rung": "WUTONG_RUNG",
        "moved": "WUTONG_MOVED",
        "number": "WUTONG_NUMBER",
        "transferer": "ATTENDEDTRANSFER",
        "aside": "WUTONG_ASIDE",
        "joins": "WUTONG_JOINS",
    }
    said = {names[name]: value for name, value in variables.items()}
    return Channel(unique_id, f"PJSIP/{unique_id}", application, up, bridge, said)


def phone(name: str, bridge: str = TALK, number: str = "", **variables: Any) -> Channel:
    """A channel by its name in Asterisk."""
    return replace(channel(name, "AppDial", bridge, **variables), name=name, number=number)


COLLEAGUE = phone("PJSIP/1003-0000000a")
LINKS = (phone("Local/_attended@transfer-0;1"), phone("Local/_attended@transfer-0;2", "bridge-other"))


def snapshot(*channels: Channel) -> AsteriskSnapshot:
    """Somebody talks in TALK, and in no other bridge."""
    return AsteriskSnapshot({there.unique_id: there for there in channels}, frozenset({TALK}), {})


def held(taken: str = "", call: str = CALL) -> Channel:
    return channel(CALLER, "BridgeWait", HELD, call=call, taken=taken)


def leg(bridge: str = "", offer: str = OFFER, call: str = CALL, **more: Any) -> Channel:
    return channel(offer, "Bridge", bridge, offer=offer, call=call, **more)


def new(
    seen: AsteriskSnapshot, asked: Believed, believed: Believed | None = None, *, news: bool = False
) -> list[Difference]:
    """What is new, without the news that a caller is there unless `news`."""
    found = differences(asked, believed or asked, seen)
    return [each for each in found if news or each != CallerSeen(CALLER, News.FOUND)]


def caller(bridge: str = "", *, served: bool = False) -> dict[str, Caller]:
    return {CALLER: Caller(CALL, bridge, served)}


# --- callers


def test_callers_whom_nobody_looks_after_are_found_and_those_who_talk_left_alone() -> None:
    seen = snapshot(
        channel("lost", "BridgeWait", HELD),
        channel("known", "BridgeWait", HELD),
        channel("talks", "BridgeWait", TALK),
        channel("on the way", "BridgeWait"),
        channel("in the menu", "AGI"),
        channel("stranded", "AGI"),
        channel("a stranger", "AGI"),
        channel("put through", "Dial"),
    )
    served = {"in the menu": Caller("c-2", served=True)}
    without = {name: Caller(name) for name in ("stranded", "put through")}
    known = Believed({"known": Caller("c-1", HELD), **served, **without})
    found = [each for each in new(seen, known) if not isinstance(each, CallerSeen | BridgeSeen)]
    assert found == [StrayHeld("PJSIP/lost"), StraySession("a stranger", "PJSIP/a stranger")]
    assert CallerSeen("stranded", News.STRAY) in new(seen, known)
    assert sum(isinstance(each, CallerSeen) and each.news is News.STRAY for each in new(seen, known)) == 1


@pytest.mark.parametrize(("before", "now"), [(True, False), (False, True)])
def test_a_caller_who_just_comes_in_or_whose_session_just_ended_is_no_stray(before: bool, now: bool) -> None:
    seen = snapshot(channel(CALLER, "AGI"))
    assert new(seen, Believed(caller(served=before)), Believed(caller(served=now))) == []


@pytest.mark.parametrize("when", ["before", "now"])
def test_a_caller_who_is_held_and_was_known_in_between_is_no_stray(when: str) -> None:
    known, unknown = Believed(caller()), Believed({})
    asked, believed = (known, unknown) if when == "before" else (unknown, known)
    assert new(snapshot(held()), asked, believed) == []


@pytest.mark.parametrize(
    ("there", "bridge", "told"),
    [
        (channel(CALLER, "AGI"), "", []),
        (channel(CALLER, "AGI"), HELD, [BridgeSeen(CALLER, "", False)]),
        (held(), "", [BridgeSeen(CALLER, HELD, True)]),
        (held(), HELD, [BridgeSeen(CALLER, HELD, True)]),
        (channel(CALLER, "BridgeWait", TALK), HELD, [BridgeSeen(CALLER, TALK, False)]),
        (channel(CALLER, "BridgeWait", TALK), TALK, []),
        (channel(CALLER, "Dial"), "", [CallerSeen(CALLER, News.FALLBACK)]),
        (channel(CALLER, "Dial", TALK), TALK, [CallerSeen(CALLER, News.FALLBACK)]),
        (channel(CALLER, "Dial", sub_hotline="gas"), "", [CallerSeen(CALLER, News.DIALLING)]),
        (
            channel(CALLER, "Dial", TALK, sub_hotline="gas"),
            TALK,
            [CallerSeen(CALLER, News.DIALLING), CallerSeen(CALLER, News.ANSWERED)],
        ),
        (channel(CALLER, "AGI", status="ANSWER"), "", [CallerSeen(CALLER, News.ANSWERED)]),
        (channel(CALLER, "AGI", status="BUSY"), "", []),
    ],
    ids=str,
)
def test_where_a_caller_is(there: Channel, bridge: str, told: list[Difference]) -> None:
    believed = Believed(caller(bridge, served=True))
    assert new(snapshot(there), believed) == told
    assert new(snapshot(there), believed, news=True)[-1] == CallerSeen(CALLER, News.FOUND), "last"


TALKING = channel(CALLER, "BridgeWait", TALK, taken=OFFER)
LINE_TALKS = channel(CALLER, "Dial", TALK, sub_hotline="1002//")


@pytest.mark.parametrize(
    ("there", "others", "told"),
    [
        (TALKING, [COLLEAGUE], [AtPhone(CALL, "1003")]),
        (TALKING, [phone("PJSIP/1003-0000000a", "bridge-other"), *LINKS], [AtPhone(CALL, "1003")]),
        (TALKING, [phone("PJSIP/trunk-0000000a", number="2201")], [AtPhone(CALL, "2201")]),
        (TALKING, [phone("PJSIP/trunk-0000000a", number="138", joins=OFFER)], []),  # was consulted
        (TALKING, [phone("PJSIP/1003-0000000a", joins=OFFER)], [AtPhone(CALL, "1003")]),
        (TALKING, [phone("PJSIP/1003-0000000a", offer="offer-2", call="c-2")], [AtPhone(CALL, "1003")]),
        (TALKING, [phone("PJSIP/1001-0000000a", offer=OFFER, call=CALL)], []),
        (TALKING, [COLLEAGUE, phone("PJSIP/1004-0000000a")], []),  # who of them?
        (TALKING, [], []),
        (held(OFFER), [phone("PJSIP/1003-0000000a", HELD)], []),
        (channel(CALLER, "AGI"), [COLLEAGUE], []),
        (LINE_TALKS, [COLLEAGUE], [AtPhone(CALL, "1003")]),  # the line's phone itself, or whom it has joined
        (LINE_TALKS, [phone("PJSIP/trunk-0000000a", number="2201")], []),  # 2201 may be how the line calls itself
        (channel(CALLER, "Dial", TALK), [COLLEAGUE], []),  # the fallback
        (channel(CALLER, "Dial", sub_hotline="1003//"), [phone("PJSIP/1003-0000000a", "")], []),  # it rings
        (channel(CALLER, "Dial", rung="1003", moved=CALL), [], [AtPhone(CALL, "1003", blind=True, answered=False)]),
        (channel(CALLER, "Dial", TALK, rung="1003", moved=CALL), [COLLEAGUE], [AtPhone(CALL, "1003", blind=True)]),
        (channel(CALLER, "Dial", rung="1003"), [], [AtPhone(CALL, "1003", answered=False)]),
        (channel(CALLER, "AGI", rung="1003"), [], []),  # nobody answered
    ],
    ids=str,
)
def test_to_which_phone_an_agent_has_sent_a_caller(
    there: Channel, others: list[Channel], told: list[Difference]
) -> None:
    there = replace(there, variables={**there.variables, "WUTONG_CALL": CALL})
    seen = snapshot(there, *others)
    for found in (
        new(seen, Believed(caller(there.bridge, served=True))),
        adopted(seen, Restored([CALL])),
    ):
        assert [each for each in found if isinstance(each, AtPhone)] == told
    moved = new(seen, Believed(caller(there.bridge)), Believed(caller("bridge-9")))
    assert [each for each in moved if isinstance(each, AtPhone)] == [], "an event is newer"
    begun = new(seen, Believed(caller(there.bridge)), Believed(caller(there.bridge, served=True)))
    assert [each for each in begun if isinstance(each, AtPhone)] == [], "the caller's next session is newer"
    served = Caller(CALL, there.bridge, served=True)
    hung_up = new(seen, Believed({CALLER: replace(served, line="1003//")}), Believed({CALLER: served}))
    assert [each for each in hung_up if isinstance(each, AtPhone)] == [], "the session knows that the phone hung up"


def test_an_event_that_came_while_asterisk_was_asked_is_newer_than_the_snapshot() -> None:
    assert new(snapshot(held()), Believed(caller(HELD)), Believed(caller(""))) == []
    assert new(snapshot(channel(CALLER, "Dial", TALK)), Believed(caller("")), Believed(caller(TALK))) == []


def test_a_caller_in_the_session_of_an_agents_own_call_has_taken_it_over() -> None:
    own = {"agent-1": Caller("c-2", served=True)}
    there = channel(CALLER, "AGI", call="c-2")
    told = new(snapshot(there), Believed({**caller(), **own}))
    assert told[:2] == [TookOver(CALL, "c-2"), CallGone("c-2")]
    for others in ([channel("agent-1", "AGI", call="c-2")], []):
        calls = own if others else {}
        told = new(snapshot(there, *others), Believed({**caller(), **calls}))
        assert not any(isinstance(each, TookOver) for each in told), "that call goes on, or nobody knows it"


def transferred(by: str = f"PJSIP/{AGENT}-0000000b", application: str = "BridgeWait") -> Channel:
    """The caller, after an attended transfer to a queue."""
    return channel(CALLER, application, HELD, call=CALL, taken=OFFER, transferer=by)


def test_a_caller_whom_an_agent_handed_over_to_a_queue_unseen_takes_over_the_agents_own_call() -> None:
    caller, own = Caller(CALL, TALK, talker=AGENT), Caller("c-2", served=True, waits=AGENT)
    known = {CALLER: caller, "agent-1": own}
    told = new(snapshot(transferred()), Believed(known))
    assert told[:2] == [TookOver(CALL, "c-2"), CallGone("c-2")]
    citizen = {"trunk-1": Caller("c-3")}  # its number is the agent's id, or the agent's own call is in no queue
    assert TookOver(CALL, "c-2") in new(snapshot(transferred()), Believed(known | citizen))
    for why, there, believed in (
        ("another agent", [transferred(by="PJSIP/1002-0000000b")], known),
        ("not held", [transferred(application="AGI")], known),
        ("still there", [transferred(), channel("agent-1", "BridgeWait", HELD, call="c-2")], known),
        ("on hold in a talk", [transferred(), leg(aside="1")], known),
        ("transferred long before, and talks with another one", [transferred()], {**known, CALLER: Caller(CALL, TALK)}),
        ("no call in a queue", [transferred()], {CALLER: caller, "agent-1": replace(own, waits="")}),
    ):
        told = new(snapshot(*there), Believed(believed))
        assert not any(isinstance(each, TookOver) for each in told), why


def test_a_caller_who_is_gone() -> None:
    assert new(snapshot(), Believed(caller())) == [CallGone(CALL)]
    assert new(snapshot(), Believed({}), Believed(caller())) == [], "began since"
    assert new(snapshot(), Believed(caller()), Believed({})) == [], "over since"


# --- legs


@pytest.mark.parametrize(
    ("asked", "believed", "there", "told"),
    [
        (Leg(CALLER), Leg(CALLER), held(), LegGone(OFFER, False)),
        (Leg(CALLER), Leg(CALLER), held(OFFER), LegGone(OFFER, False)),
        (Leg(CALLER), Leg(CALLER), channel(CALLER, taken=OFFER), LegGone(OFFER, True)),
        (Leg(CALLER), Leg(CALLER), channel(CALLER, "BridgeWait", TALK, taken=OFFER), LegGone(OFFER, True)),
        (Leg(CALLER), Leg(CALLER), channel(CALLER, taken="offer-0"), LegGone(OFFER, False)),
        (Leg(CALLER, made=False), Leg(CALLER, made=False), held(), None),
        (Leg(CALLER, made=False), Leg(CALLER), held(), None),  # its channel was made since
        (Leg(CALLER, made=False), Leg(CALLER, made=False, given_up=True), held(), LegGone(OFFER, False)),
        (None, Leg(CALLER, made=False, given_up=True), held(), None),  # rung since
        (None, Leg(CALLER, ended=True), channel(CALLER, taken=OFFER), LegGone(OFFER, True)),
        (None, Leg(CALLER, ended=True), channel(CALLER, taken=OFFER, lost=OFFER), LegGone(OFFER, True, lost=True)),
        (None, Leg(CALLER, ended=True), channel(CALLER, taken=OFFER, lost="offer-0"), LegGone(OFFER, True)),
        (Leg(CALLER), None, held(), None),
    ],
    ids=str,
)
def test_a_leg_that_is_not_there(asked: Leg | None, believed: Leg | None, there: Channel, told: LegGone | None) -> None:
    before = Believed(caller(there.bridge), {} if asked is None else {OFFER: asked})
    now = Believed(caller(there.bridge), {} if believed is None else {OFFER: believed})
    legs = [each for each in new(snapshot(there), before, now) if isinstance(each, LegGone | LegSeen)]
    assert legs == ([] if told is None else [told])


def test_a_leg_that_ended_unseen_is_told_though_it_is_in_the_list() -> None:
    believed = Believed({}, {OFFER: Leg(CALLER, ended=True)})
    assert new(snapshot(leg()), believed) == [LegGone(OFFER, False)]


def test_a_leg_that_is_there() -> None:
    here = Believed({}, {OFFER: Leg(CALLER)})
    assert new(snapshot(leg(up=False)), here) == [LegSeen(OFFER, False, "")]
    assert new(snapshot(leg(TALK)), here) == [LegSeen(OFFER, True, TALK)]
    moved = Believed({}, {OFFER: Leg(CALLER, "b-9")})
    assert new(snapshot(leg(TALK)), here, moved) == [LegSeen(OFFER, True, "")], "an event says where it is"


@pytest.mark.parametrize(
    ("application", "bridge", "apart"),
    [
        ("Wait", "", Apart.WAITS),
        ("Dial", "", Apart.RINGS),
        ("Dial", "bridge-asked", Apart.TALKS),
        ("Bridge", TALK, None),
        ("Goto", "", None),
    ],
)
def test_what_a_leg_does_while_its_caller_is_on_hold(application: str, bridge: str, apart: Apart | None) -> None:
    here = Believed({}, {OFFER: Leg(CALLER)})
    there = snapshot(replace(leg(bridge, aside="1"), application=application))
    assert new(there, here) == [LegSeen(OFFER, True, bridge, apart=apart)]
    moved = Believed({}, {OFFER: Leg(CALLER, "b-9")})
    assert new(there, here, moved) == [LegSeen(OFFER, True, "")], "an event says where it is"
    for other, why in (
        (leg(bridge, aside="soon"), "it is about to be set aside"),
        (leg(bridge, aside="back"), "it goes back to its caller"),
        (leg(bridge), "never set aside"),
    ):
        there = snapshot(replace(other, application=application))
        assert new(there, here) == [LegSeen(OFFER, True, bridge)], why


def test_the_order_callers_who_are_gone_then_legs_then_callers_and_last_that_they_are_there() -> None:
    believed = Believed({CALLER: Caller(CALL), "x": Caller("c-2")}, {OFFER: Leg("x"), "offer-2": Leg(CALLER)})
    seen = snapshot(held(), leg())
    told = new(seen, believed, news=True)
    assert told == [
        CallGone("c-2"),
        LegGone("offer-2", False),
        LegSeen(OFFER, True, ""),
        BridgeSeen(CALLER, HELD, True),
        CallerSeen(CALLER, News.FOUND),
    ]


# --- from before a restart


def adopted(seen: AsteriskSnapshot, restored: Restored, callers: dict[str, Caller] | None = None) -> list[Difference]:
    believed = Believed(callers or {}, {}, restored)
    return differences(believed, believed, seen)


RING = {OFFER: (CALL, AGENT)}
WAITS: dict[str, str | None] = {CALL: None}
TALKS: dict[str, str | None] = {CALL: AGENT}


def test_a_call_is_found_or_gone_and_nothing_else_is_told_with_it() -> None:
    assert adopted(snapshot(held()), Restored([CALL], {}, WAITS)) == [CallRestored(CALL, held())]
    assert adopted(snapshot(), Restored([CALL], {}, WAITS)) == [CallGone(CALL)]
    assert gone(Believed({}, {}, Restored([CALL, "c-2"])), snapshot(held())) == ["c-2"]
    stray = channel("stray", "BridgeWait", HELD)
    assert adopted(snapshot(stray, held()), Restored([CALL], {}, WAITS)) == [CallRestored(CALL, held())]


def test_a_ring_is_taken_up_whether_its_leg_is_there_or_not() -> None:
    for there in ([leg()], [leg(TALK)], []):
        seen = snapshot(held(), *there)
        told = adopted(seen, Restored([CALL], RING, WAITS))
        assert told == [CallRestored(CALL, held()), LegRestored(OFFER, CALL, AGENT, there[0] if there else None)]


def test_a_ring_whose_leg_is_gone_and_has_taken_the_caller_was_a_talk() -> None:
    for taken in (channel(CALLER, "AGI", call=CALL, taken=OFFER), channel(CALLER, "", TALK, call=CALL, taken=OFFER)):
        told = adopted(snapshot(taken), Restored([CALL], RING, WAITS))
        assert (told[0], told[-1]) == (CallRestored(CALL, taken), TalkOver(CALL, OFFER))
    assert adopted(snapshot(held(OFFER)), Restored([CALL], RING, WAITS))[1:] == [LegRestored(OFFER, CALL, AGENT, None)]


def test_a_caller_who_waits_and_talks_with_somebody_who_is_no_leg_was_joined_with_a_colleague_unseen() -> None:
    """The ring is given up already. Else another agent would be rung, and take the caller out of the talk."""
    joined = channel(CALLER, "BridgeWait", TALK, call=CALL, taken=OFFER)
    told = adopted(snapshot(joined, COLLEAGUE), Restored([CALL], {}, WAITS))
    assert told == [CallRestored(CALL, joined), TalkOver(CALL, OFFER), AtPhone(CALL, "1003")]
    for caller in (
        held(OFFER),
        channel(CALLER, "AGI", call=CALL, taken=OFFER),
        channel(CALLER, "Dial", TALK, call=CALL),
    ):
        assert TalkOver(CALL, OFFER) not in adopted(snapshot(caller), Restored([CALL], {}, WAITS))


@pytest.mark.parametrize("application", ["MusicOnHold", "AGI"])
def test_a_caller_whom_an_agent_has_sent_on_is_told_before_the_session_comes(application: str) -> None:
    """While no service is there, the dialplan tries again only once a second."""
    there = channel(CALLER, application, call=CALL, taken=OFFER, moved=CALL, number="6001")
    told = adopted(snapshot(there), Restored([CALL], {}, TALKS))
    assert told[-2:] == [TalkOver(CALL), Transferred(CALL, "6001", OFFER)]
    told = adopted(snapshot(there), Restored([], {}, TALKS), caller(served=True))
    assert not any(isinstance(each, Transferred) for each in told), "the session tells"
    for other in (replace(there, application="Dial"), channel(CALLER, application, call=CALL, moved="", number="6001")):
        told = adopted(snapshot(other), Restored([CALL], {}, TALKS))
        assert not any(isinstance(each, Transferred) for each in told), "the dialplan dials; the transfer is taken up"


def test_a_caller_in_no_bridge_has_left_it_unseen() -> None:
    """Else the talk with a line would be over only when the caller comes to a session, up to a second later."""
    for application in ("MusicOnHold", "AGI", "Wait"):
        alone = channel(CALLER, application, call=CALL, sub_hotline="gas", status="ANSWER")
        told = adopted(snapshot(alone), Restored([CALL]))
        assert told == [CallRestored(CALL, alone), CallerSeen(CALLER, News.LET_GO)]
    rings = channel(CALLER, "Dial", call=CALL, sub_hotline="gas")
    assert adopted(snapshot(rings), Restored([CALL])) == [CallRestored(CALL, rings)]


LOST = CallerSeen(CALLER, News.LOST)


def test_a_talk_with_a_line_whose_phone_was_gone_is_told_as_that_before_the_caller_is_let_go() -> None:
    alone = channel(CALLER, "MusicOnHold", call=CALL, sub_hotline="1003/1001/trees", taken=OFFER, lost="phone-1")
    assert adopted(snapshot(alone), Restored([CALL])) == [
        CallRestored(CALL, alone),
        LOST,
        CallerSeen(CALLER, News.LET_GO),
    ]
    told = new(snapshot(alone), Believed(caller(TALK)))
    assert told.index(LOST) < told.index(BridgeSeen(CALLER, "", False))
    assert LOST not in new(snapshot(alone), Believed(caller())), "no talk has ended since the last look"
    talks = replace(alone, bridge=TALK)
    assert LOST not in [*adopted(snapshot(talks), Restored([CALL])), *new(snapshot(talks), Believed(caller(TALK)))]
    other = channel(CALLER, "MusicOnHold", call=CALL, taken=OFFER, lost="phone-1")
    assert LOST not in adopted(snapshot(other), Restored([CALL])), "of an earlier talk"


def test_a_talk_with_a_line_that_was_on_hold_when_the_phone_was_gone_is_told_as_that() -> None:
    on_hold = channel(CALLER, "BridgeWait", HELD, call=CALL, sub_hotline="1003/1001/trees", lost="phone-1")
    restored = Restored([CALL], lines={CALL: ("1003", True)})
    assert TalkOver(CALL, lost=True) in adopted(snapshot(on_hold), restored)


def test_a_ring_of_a_caller_who_is_gone_is_not_wanted() -> None:
    assert adopted(snapshot(leg()), Restored([CALL], RING, WAITS)) == [CallGone(CALL), LegUnknown(OFFER, CALL)]


def test_a_talk_goes_on_while_its_leg_is_in_a_bridge() -> None:
    talks = channel(CALLER, "BridgeWait", TALK, call=CALL)
    told = adopted(snapshot(talks, leg(TALK)), Restored([CALL], {}, TALKS))
    assert told == [CallRestored(CALL, talks), LegRestored(OFFER, CALL, AGENT, leg(TALK), talks=True)]
    assert adopted(snapshot(talks), Restored([CALL], {}, TALKS)) == [CallRestored(CALL, talks), TalkOver(CALL)]


def test_after_a_restart_a_caller_whom_the_agent_handed_over_takes_over_the_agents_own_call() -> None:
    restored = Restored(
        [CALL, "c-2"], {"offer-2": ("c-2", "1002")}, {**TALKS, "c-2": None}, {CALL: "138", "c-2": AGENT}
    )
    there = transferred()
    assert adopted(snapshot(there), restored) == [CallRestored(CALL, there), TookOver(CALL, "c-2")]
    other = transferred(by="PJSIP/1002-0000000b")
    assert TalkOver(CALL) in adopted(snapshot(other), restored), "another agent has done it, long before"
    waits = replace(restored, places={CALL: None, "c-2": None})
    assert CallGone("c-2") in adopted(snapshot(there), waits), "the caller waited already"
    menu = replace(restored, places=TALKS)
    assert CallGone("c-2") in adopted(snapshot(there), menu), "the agent's own call was in no queue"
    on_hold = adopted(snapshot(there, leg(aside="1")), restored)
    assert CallGone("c-2") in on_hold, "on hold in a talk: the agent's own call ended for another reason"
    assert any(isinstance(each, LegRestored) and each.aside for each in on_hold)


@pytest.mark.parametrize("served", [True, False])
@pytest.mark.parametrize(("application", "bridge"), [("Wait", ""), ("Dial", ""), ("Dial", "bridge-asked")])
def test_a_leg_that_is_aside_waits_for_its_caller(application: str, bridge: str, served: bool) -> None:
    there = replace(leg(bridge, aside="1"), application=application)
    calls, known = ([], caller(served=True)) if served else ([CALL], {})
    told = adopted(snapshot(held(OFFER), there), Restored(calls, {}, TALKS), known)
    assert told[-1] == LegRestored(OFFER, CALL, AGENT, there, talks=True, aside=True)


def test_a_leg_that_was_aside_and_has_taken_its_caller_back_talks() -> None:
    talks, back = channel(CALLER, "BridgeWait", TALK, call=CALL), leg(TALK, aside="1")
    told = adopted(snapshot(talks, back), Restored([CALL], {}, TALKS))
    assert told == [CallRestored(CALL, talks), LegRestored(OFFER, CALL, AGENT, back, talks=True)]


def test_a_leg_that_is_aside_of_a_caller_who_is_gone_is_not_wanted() -> None:
    alone = replace(leg(aside="1"), application="Wait")
    assert adopted(snapshot(alone), Restored([CALL], {}, TALKS)) == [CallGone(CALL), LegUnknown(OFFER, CALL)]


@pytest.mark.parametrize("lost", ["", "offer-of-an-earlier-talk", OFFER])
def test_a_talk_that_ended_because_the_phone_was_gone_is_told_as_that(lost: str) -> None:
    alone = channel(CALLER, "MusicOnHold", call=CALL, taken=OFFER, lost=lost)
    told = adopted(snapshot(alone), Restored([CALL], {}, TALKS))
    assert told[-1] == TalkOver(CALL, lost=lost == OFFER)


def test_a_talk_whose_caller_is_back_in_a_session_is_over_though_its_leg_is_in_the_list() -> None:
    back = channel(CALLER, "AGI", call=CALL)
    assert adopted(snapshot(back, leg(TALK)), Restored([], {}, TALKS), caller(served=True)) == [TalkOver(CALL)]


@pytest.mark.parametrize("rings", [{}, RING])
def test_a_place_without_a_call_is_given_up_with_its_ring(rings: dict[str, tuple[str, str]]) -> None:
    seen = snapshot(*([leg()] if rings else []))
    assert adopted(seen, Restored([], rings, WAITS)) == [PlaceWithoutCall(CALL)]


@pytest.mark.parametrize(
    ("bridge", "places", "told"),
    [
        ("", {}, [LegUnknown(OFFER, CALL)]),  # it rings
        ("", WAITS, [LegUnknown(OFFER, CALL)]),
        (TALK, WAITS, [LegUnknown(OFFER, CALL)]),  # the caller waits for another
        (TALK, {}, [LegRestored(OFFER, CALL, "", leg(TALK), talks=True)]),
        ("another", {}, []),  # somebody may talk
    ],
)
def test_a_leg_of_which_the_engine_knows_nothing(
    bridge: str, places: dict[str, str | None], told: list[Difference]
) -> None:
    talks = channel(CALLER, "BridgeWait", TALK, call=CALL)
    found = adopted(snapshot(talks, leg(bridge)), Restored([CALL], {}, places))
    assert found == [CallRestored(CALL, talks), *told]


def test_of_two_legs_the_one_that_has_taken_its_caller_decides_and_the_other_is_not_wanted() -> None:
    """All rang: one talked unseen and is gone."""
    back = channel(CALLER, "AGI", call=CALL, taken=OFFER)
    other = leg(offer="offer-2")
    told = adopted(snapshot(back, other), Restored([CALL], {**RING, "offer-2": (CALL, "1002")}, WAITS))
    assert told[0] == CallRestored(CALL, back)
    assert told[-2:] == [TalkOver(CALL, OFFER), LegUnknown("offer-2", CALL)]
