"""What is known of phones, in every order in which Asterisk may tell it."""

from collections.abc import Mapping

import pytest

from agents.states import PhoneState
from dialplan.phones import Phones, to_ask
from dialplan.wire.ami import AmiMessage

LEG, OWN = "offer-1", "1700000000.7"
BROWSER = "PJSIP/1001_browser"


class Desk:
    """The phones; `take` answers what was told since."""

    def __init__(self) -> None:
        self._told: list[tuple[str, str]] = []
        self.phones = Phones(lambda agent_id, state: self._told.append((agent_id, state.value)))
        self.looks()

    def take(self) -> list[tuple[str, str]]:
        told, self._told = self._told, []
        return told

    def looks(self, alive: Mapping[str, str] = {}, states: Mapping[str, PhoneState] = {}, **contacts: str) -> None:
        """Asterisk is asked, and answers at once. `contacts`: by agent, where they are not what the states say."""
        self.phones.asked()
        self.phones.seen(alive, states, contacts_of(states) | {name.strip("_"): it for name, it in contacts.items()})

    def device(self, state: str, name: str = "PJSIP/1001") -> None:
        self.phones.device(message(Device=name, State=state))

    def answers(self, status: str) -> None:
        self.phones.answers(message(Peer="PJSIP/1001", PeerStatus=status))

    def talks(self) -> None:
        """1001 talks with a caller, and has no other channel."""
        self.device("NOT_INUSE")
        self.phones.began(channel(LEG))
        self.device("INUSE")
        self.take()


def contacts_of(states: Mapping[str, PhoneState]) -> dict[str, str]:
    """Of the phones that Asterisk is asked about: busy ones answer, and others have no contact."""
    asked = {phone: state for phone, state in states.items() if state is not PhoneState.FREE}
    return {phone: "sip:here" if state is PhoneState.BUSY else "" for phone, state in asked.items()}


def message(**fields: str) -> AmiMessage:
    return AmiMessage(tuple(fields.items()))


def channel(unique_id: str, name: str = "PJSIP/1001-0000000a") -> AmiMessage:
    return message(Channel=name, Uniqueid=unique_id)


def test_a_phone_that_hangs_up_its_only_channel_is_free() -> None:
    desk = Desk()
    desk.talks()
    desk.phones.hung_up("1001", LEG)
    assert desk.take() == [("1001", "free")]
    desk.phones.ended(channel(LEG))
    desk.device("NOT_INUSE")
    assert desk.take() == [("1001", "free")]
    desk.phones.began(channel("offer-2"))
    desk.device("INUSE")
    desk.phones.hung_up("1001", "offer-2")
    assert desk.take() == [("1001", "busy")] * 2 + [("1001", "free")], "the first leg does not count any more"


def test_the_phone_in_the_browser_counts_while_it_can_be_reached() -> None:
    desk = Desk()
    desk.device("NOT_INUSE")
    assert (desk.take(), desk.phones.to_ring("1001")) == ([("1001", "free")], "1001")
    desk.device("NOT_INUSE", BROWSER)
    assert (desk.take(), desk.phones.to_ring("1001")) == ([("1001", "free")], "1001_browser")
    desk.device("UNAVAILABLE")
    assert desk.take() == [("1001", "free")], "the SIP phone does not count now"
    desk.device("UNAVAILABLE", BROWSER)
    assert (desk.take(), desk.phones.to_ring("1001")) == ([("1001", "unreachable")], "1001")


def test_a_channel_of_either_phone_makes_the_agent_busy() -> None:
    desk = Desk()
    for name in ("PJSIP/1001", BROWSER):
        desk.device("NOT_INUSE", name)
    desk.take()
    desk.phones.began(channel(OWN))
    assert desk.take() == [("1001", "busy")], "the agent talks on the SIP phone"
    desk.phones.ended(channel(OWN))
    desk.phones.rung("1001_browser", LEG)
    desk.phones.began(channel(LEG, f"{BROWSER}-0000000b"))
    desk.device("INUSE", BROWSER)
    assert desk.take() == [("1001", "free"), ("1001", "busy"), ("1001", "busy")]
    assert (desk.phones.channels("1001"), desk.phones.has_other("1001", LEG)) == (frozenset({LEG}), False)
    desk.phones.hung_up("1001", LEG)
    assert desk.take() == [("1001", "free")]


def test_a_browser_that_does_not_answer_makes_the_sip_phone_count() -> None:
    desk = Desk()
    for name in ("PJSIP/1001", BROWSER):
        desk.device("NOT_INUSE", name)
    desk.phones.answers(message(Peer=BROWSER, PeerStatus="Unreachable"))
    assert desk.phones.to_ring("1001") == "1001"
    desk.phones.answers(message(Peer=BROWSER, PeerStatus="Reachable"))
    assert desk.phones.to_ring("1001") == "1001_browser"
    desk.looks(states={"1001": PhoneState.FREE, "1001_browser": PhoneState.UNREACHABLE})
    assert desk.phones.to_ring("1001") == "1001"


def contact(status: str, page: str, phone: str = "1001_browser", port: int = 40_000) -> AmiMessage:
    uri = f"sip:{page}@127.0.0.1:{port};transport=ws"
    return message(EndpointName=phone, URI=uri, ContactStatus=status)


def test_a_page_is_known_by_its_contact() -> None:
    phones = Desk().phones
    assert phones.contact(contact("NonQualified", "first")) == "1001"
    assert phones.contact(contact("Reachable", "first")) is None, "it is told once"
    assert phones.contact(contact("NonQualified", "first", port=40_001)) == "1001", "another connection"
    assert phones.contact(contact("Removed", "first")) is None
    page = phones.page("1001_browser")
    assert page, "the end of the first connection is late"
    assert phones.contact(contact("NonQualified", "second")) == "1001"
    assert phones.page("1001_browser") != page
    phones.contact(contact("Unreachable", "second"))
    assert phones.page("1001_browser") == ""
    assert phones.contact(contact("Reachable", "second")) == "1001"


def test_a_phone_with_a_contact_is_free_though_asterisk_calls_it_unavailable() -> None:
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.answers("Unreachable")
    desk.device("UNAVAILABLE")
    desk.take()
    desk.phones.contact(contact("NonQualified", "new", "1001"))
    assert desk.take() == [("1001", "free")]
    desk.looks(states={"1001": PhoneState.UNREACHABLE}, _1001="sip:new@127.0.0.1:40000;transport=ws")
    assert desk.take() == [("1001", "free")], "the list has the same wrong state"
    desk.phones.contact(contact("Removed", "old", "1001"))
    assert desk.take() == [], "the phone has another contact since"
    desk.phones.contact(contact("Removed", "new", "1001"))
    assert desk.take() == [("1001", "unreachable")]


@pytest.mark.parametrize("before", [[], ["UNAVAILABLE"], ["NOT_INUSE"]])
def test_unavailable_as_asterisks_last_word_on_a_phone_that_has_just_registered_is_not_true(before: list[str]) -> None:
    """Where the phone was registered from another port before, that word is of the contact before, and comes late."""
    desk = Desk()
    for state in before:
        desk.device(state)
    desk.phones.contact(contact("NonQualified", "new", "1001"))
    desk.device("UNAVAILABLE")
    assert desk.take()[-1] == ("1001", "free")


def test_a_phone_that_answers_is_free_though_the_news_of_the_contact_before_came_last() -> None:
    desk = Desk()
    desk.device("UNAVAILABLE")
    desk.phones.contact(contact("Reachable", "new", "1001"))
    desk.answers("Unreachable")
    desk.answers("Reachable")
    assert desk.take()[-1] == ("1001", "free")
    desk.phones.contact(contact("Removed", "new", "1001"))
    desk.answers("Unreachable")
    assert desk.take()[-1] == ("1001", "unreachable")


def test_an_unanswered_question_to_the_contact_before_says_nothing_of_the_new_one() -> None:
    """Asterisk's word comes late, and no other one follows: for Asterisk nothing has changed since."""
    desk = Desk()
    desk.phones.contact(contact("Reachable", "old", "1001"))
    desk.device("NOT_INUSE")
    desk.phones.contact(contact("Unreachable", "old", "1001"))
    desk.phones.contact(contact("NonQualified", "new", "1001"))
    desk.answers("Unreachable")
    desk.device("UNAVAILABLE")
    assert desk.take()[-1] == ("1001", "free")
    desk.phones.contact(contact("Unreachable", "new", "1001"))
    assert desk.take()[-1] == ("1001", "unreachable")


@pytest.mark.parametrize("end", ["device", "contact", "peer", "link"])
def test_a_contact_that_is_gone_makes_no_phone_free(end: str) -> None:
    desk = Desk()
    desk.phones.contact(contact("Reachable", "page", "1001"))
    desk.take()
    match end:
        case "device":
            desk.device("INVALID")  # no phone has this name any more
        case "contact":
            desk.phones.contact(contact("Unreachable", "page", "1001"))
        case "peer":
            desk.answers("Unreachable")
        case "link":
            desk.phones.lost()
    desk.looks(states={"1001": PhoneState.UNREACHABLE})
    assert desk.take()[-1] == ("1001", "unreachable")


def test_only_browsers_have_pages() -> None:
    phones = Desk().phones
    for phone in ("1001", "trunk", "trunk_browser", "anonymous", ""):
        assert phones.contact(contact("Reachable", "first", phone)) is None
        assert phones.page(phone) == ""


def test_a_phone_with_another_call_is_not_free() -> None:
    desk = Desk()
    desk.talks()
    desk.phones.began(channel(OWN, "PJSIP/1001-0000000b"))
    desk.phones.hung_up("1001", LEG)
    assert desk.take() == []
    desk.phones.ended(channel(LEG))
    desk.device("INUSE")
    desk.phones.ended(channel(OWN, "PJSIP/1001-0000000b"))
    desk.device("NOT_INUSE")
    assert desk.take() == [("1001", "busy"), ("1001", "free")]


def test_a_phone_that_is_to_be_rung_is_not_free_before_that_channel_has_ended() -> None:
    """Asterisk says that a phone is not in use until it answers 180, and later what it has said before."""
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.take()
    desk.phones.rung("1001", LEG)
    assert desk.take() == [("1001", "busy")]
    desk.phones.began(channel(LEG))
    desk.device("NOT_INUSE")
    desk.phones.not_rung("1001", LEG)
    assert ("1001", "free") not in desk.take()
    desk.phones.ended(channel(LEG))
    assert desk.take() == [("1001", "free")]


def test_a_phone_that_asterisk_does_not_ring_after_all_is_free() -> None:
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.phones.rung("1001", LEG)
    desk.take()
    desk.phones.not_rung("1001", LEG)
    assert desk.take() == [("1001", "free")]


def test_a_phone_that_rings_is_not_free_because_the_leg_before_it_is_over() -> None:
    """The agent has hung up, the next ring is under way, and then comes the news of the old leg."""
    desk = Desk()
    desk.talks()
    desk.phones.hung_up("1001", LEG)
    desk.phones.rung("1001", "offer-2")
    desk.take()
    desk.phones.ended(channel(LEG))
    desk.device("NOT_INUSE")
    assert ("1001", "free") not in desk.take()


def test_a_phone_that_could_not_be_rung_is_not_free_because_the_ring_is_over() -> None:
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.phones.rung("1001", LEG)
    desk.phones.began(channel(LEG))
    desk.take()
    desk.phones.doubt("1001")
    desk.phones.ended(channel(LEG))
    assert desk.take() == []
    desk.phones.report("1001")
    assert desk.take() == [("1001", "free")]


def test_a_channel_that_a_transfer_has_renamed_is_counted_until_its_end() -> None:
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.phones.began(channel(LEG))
    desk.looks({LEG: "PJSIP/1002-0000000b"}, {"1001": PhoneState.FREE})
    desk.take()
    desk.phones.ended(channel(LEG, "PJSIP/1002-0000000b<ZOMBIE>"))
    assert desk.take() == [("1001", "free")]


def test_no_ring_keeps_a_phone_busy_over_a_lost_link() -> None:
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.phones.rung("1001", LEG)
    desk.phones.lost()
    desk.take()
    desk.looks({}, {"1001": PhoneState.FREE})
    assert desk.take() == [("1001", "free")]


def test_a_look_around_ends_a_leg_of_which_no_hang_up_was_told() -> None:
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.phones.began(channel(LEG))
    desk.take()
    desk.looks({}, {"1001": PhoneState.FREE})
    assert set(desk.take()) == {("1001", "free")}


def test_a_ring_that_is_still_to_come_outlives_a_look_around() -> None:
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.phones.rung("1001", LEG)
    desk.take()
    desk.looks({}, {"1001": PhoneState.FREE})
    assert ("1001", "free") not in desk.take()


def test_a_phone_whose_other_call_is_over_is_free() -> None:
    desk = Desk()
    desk.talks()
    desk.phones.began(channel(OWN, "PJSIP/1001-0000000b"))
    desk.phones.ended(channel(OWN, "PJSIP/1001-0000000b"))
    desk.phones.hung_up("1001", LEG)
    assert desk.take() == [("1001", "free")]


def test_other_peoples_channels_do_not_count() -> None:
    desk = Desk()
    desk.talks()
    for number, name in enumerate(("PJSIP/1002-1", "PJSIP/anonymous-2", "PJSIP/10010-3", "Local/1001@x-4;1", "1001-5")):
        desk.phones.began(channel(f"{number}", name))
    desk.phones.hung_up("1001", LEG)
    assert desk.take() == [("1001", "free")]


@pytest.mark.parametrize("late", ["INUSE", "BUSY", "RINGING", "RINGINUSE"])
def test_news_that_was_overtaken_is_believed_and_what_follows_it_too(late: str) -> None:
    desk = Desk()
    desk.talks()
    desk.phones.hung_up("1001", LEG)
    desk.device(late)
    desk.device("NOT_INUSE")
    assert desk.take() == [("1001", "free"), ("1001", "busy"), ("1001", "free")]


def test_a_phone_that_does_not_answer_is_told_of_once_more_when_it_has_a_channel_to_listen_to() -> None:
    """It was to be rung just when Asterisk noticed that it does not answer."""
    desk = Desk()
    desk.device("NOT_INUSE")
    desk.phones.rung("1001", LEG)
    desk.answers("Unreachable")
    assert desk.take()[-1] == ("1001", "unreachable")
    assert desk.phones.channels("1001") == frozenset()
    desk.phones.began(channel(LEG))
    assert desk.take() == [("1001", "unreachable")]
    assert desk.phones.channels("1001") == {LEG}


def test_a_phone_that_cannot_be_reached_is_not_free_because_it_hung_up() -> None:
    desk = Desk()
    desk.talks()
    desk.device("UNAVAILABLE")
    desk.take()
    desk.phones.hung_up("1001", LEG)
    assert desk.take() == []


def test_what_is_known_after_the_link_was_away_comes_from_a_look() -> None:
    desk = Desk()
    desk.talks()
    desk.phones.began(channel(OWN, "PJSIP/1001-0000000b"))
    desk.phones.lost()
    assert desk.take() == [("1001", "unreachable")]
    desk.phones.began(channel("offer-2", "PJSIP/1001-0000000c"))
    desk.device("BUSY")
    desk.phones.report_all()
    assert desk.take() == [], "nobody is to be rung yet"
    desk.phones.hung_up("1001", "offer-2")
    assert desk.take() == [], "there may be channels from before"
    alive = {OWN: "PJSIP/1001-0000000b", "offer-2": "PJSIP/1001-0000000c"}
    desk.looks(alive, {"1002": PhoneState.FREE})
    assert desk.take() == [("1001", "busy"), ("1002", "free")]
    desk.phones.hung_up("1001", "offer-2")
    assert desk.take() == [], "there is one"
    desk.phones.ended(channel(OWN, "PJSIP/1001-0000000b"))
    desk.device("NOT_INUSE")
    assert desk.take() == [("1001", "free")]


def test_a_look_forgets_what_is_gone_and_keeps_what_began_meanwhile() -> None:
    desk = Desk()
    desk.talks()
    desk.phones.asked()
    desk.phones.began(channel(OWN))
    desk.phones.seen({}, {})
    desk.phones.hung_up("1001", OWN)
    assert desk.take() == [("1001", "free")], "it is the only one"


def test_a_channel_that_ended_while_asterisk_was_asked_does_not_count_though_it_is_listed() -> None:
    desk = Desk()
    desk.talks()
    desk.phones.began(channel(OWN, "PJSIP/1001-0000000b"))
    desk.phones.asked()
    desk.phones.ended(channel(OWN, "PJSIP/1001-0000000b"))
    desk.phones.seen({OWN: "PJSIP/1001-0000000b", LEG: "PJSIP/1001-0000000a"}, {})
    desk.phones.hung_up("1001", LEG)
    assert desk.take() == [("1001", "free")]


def test_a_busy_phone_that_does_not_answer_is_unreachable_until_it_does() -> None:
    desk = Desk()
    desk.talks()
    desk.answers("Unreachable")
    desk.device("ONHOLD")
    desk.phones.hung_up("1001", LEG)
    assert set(desk.take()) == {("1001", "unreachable")}
    desk.device("UNAVAILABLE")
    desk.answers("Reachable")
    desk.device("NOT_INUSE")
    assert desk.take() == [("1001", "unreachable"), ("1001", "unreachable"), ("1001", "free")]


def test_which_phones_do_not_answer_is_known_from_a_look_unless_an_event_is_newer() -> None:
    desk = Desk()
    busy = {"1001": PhoneState.BUSY, "1002": PhoneState.BUSY}
    desk.phones.asked()
    desk.answers("Reachable")
    desk.phones.seen({}, busy, {"1001": "", "1002": ""})
    assert desk.take()[-2:] == [("1001", "busy"), ("1002", "unreachable")]
    desk.phones.lost()
    desk.phones.asked()
    desk.phones.seen({}, busy)
    assert desk.take()[-2:] == [("1001", "busy"), ("1002", "busy")]


def test_a_look_believes_the_contact_of_a_phone_that_asterisk_calls_unavailable_unless_an_event_is_newer() -> None:
    """The link was away when the phone registered, and Asterisk computed its state from an older cache."""
    desk = Desk()
    desk.looks(states={"1001": PhoneState.UNREACHABLE}, _1001="sip:1001@127.0.0.1:40000;transport=ws")
    assert desk.take()[-1] == ("1001", "free")
    desk.phones.contact(contact("Removed", "1001", "1001"))
    assert desk.take() == [("1001", "unreachable")]
    desk.phones.asked()
    desk.phones.contact(contact("Removed", "1001", "1001"))
    desk.phones.seen({}, {"1001": PhoneState.UNREACHABLE}, {"1001": "sip:1001@127.0.0.1:40000;transport=ws"})
    assert desk.take()[-1] == ("1001", "unreachable")
    desk.looks(states={"1001": PhoneState.UNREACHABLE})
    assert desk.take()[-1] == ("1001", "unreachable")


def test_a_phone_that_asterisk_does_not_list_is_free_by_its_contact() -> None:
    desk = Desk()
    desk.phones.lost()
    desk.looks(states={}, _1001="sip:1001@127.0.0.1:40000")
    assert desk.take() == [("1001", "free")]
    desk.phones.lost()
    assert desk.take() == [("1001", "unreachable")]


def test_a_contact_of_which_nothing_was_reported_is_found_when_asked_for() -> None:
    desk = Desk()
    states = {"1001": PhoneState.UNREACHABLE, "1002": PhoneState.UNREACHABLE}
    desk.looks(states=states)
    desk.phones.asked()
    desk.phones.contact(contact("Removed", "1002", "1002"))
    desk.take()
    desk.phones.answered(states, {"1001": "sip:1001@127.0.0.1:40000", "1002": "sip:1002@127.0.0.1:40001", "1003": ""})
    assert dict(desk.take()) == {"1001": "free", "1002": "unreachable"}


def test_which_phones_are_to_be_asked() -> None:
    def named(device: str, state: str) -> str:
        return to_ask(message(Device=device, State=state))

    assert [named("PJSIP/1001", state) for state in ("UNAVAILABLE", "INUSE", "UNKNOWN")] == ["1001"] * 3
    assert named("PJSIP/1001_browser", "UNAVAILABLE") == "1001_browser"
    assert [named("PJSIP/1001", state) for state in ("NOT_INUSE", "INVALID")] == ["", ""]
    assert named("PJSIP/trunk", "UNAVAILABLE") == ""


def test_whether_a_trunk_answers_is_no_phones_news() -> None:
    desk = Desk()
    desk.phones.answers(message(Peer="PJSIP/trunk", PeerStatus="Unreachable"))
    desk.device("UNAVAILABLE", "PJSIP/anonymous")
    assert desk.take() == []


def test_states_and_strangers() -> None:
    desk = Desk()
    desk.device("NOT_INUSE", "PJSIP/1002")
    desk.device("NOT_INUSE", "Queue:x")
    desk.device("NEVER_HEARD_OF")
    assert desk.take() == [("1002", "free"), ("1001", "unreachable")]
    desk.phones.report("9999")
    desk.phones.report_all()
    assert desk.take() == [("9999", "unreachable"), ("1002", "free"), ("1001", "unreachable")]
    desk.phones.lost()
    assert desk.take() == [("1002", PhoneState.UNREACHABLE.value)]


def test_news_that_come_while_a_list_is_made_count_more_than_its_items() -> None:
    """A ring was cancelled after Asterisk had listed the phone; nothing would tell again that it is free."""
    desk = Desk()
    ringing = {"1001": PhoneState.BUSY}
    desk.phones.asked()
    desk.device("NOT_INUSE")
    desk.phones.seen({}, {**ringing, "1002": PhoneState.BUSY})
    assert desk.take() == [("1001", "free"), ("1002", "busy")]
    desk.looks({}, ringing)
    assert desk.take() == [("1001", "busy")]
