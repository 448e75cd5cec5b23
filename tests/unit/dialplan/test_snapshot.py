"""What Asterisk has, read from its lists."""

from agents.states import PhoneState
from dialplan.snapshot import AsteriskSnapshot
from dialplan.wire.ami import AmiMessage
from tests.unit.dialplan.exchange import device, status

CALLER, OFFER = "caller-1", "offer-1"
HELD, TALK = "bridge-holding", "bridge-talk"


def ours(uniqueid: str, *variables: str, bridge: str = "", **more: str) -> AmiMessage:
    told = status(uniqueid, bridge, **more)
    return AmiMessage((*told.fields, *(("Variable", variable) for variable in variables)))


def test_channels_are_known_by_their_variables() -> None:
    seen = AsteriskSnapshot.read(
        [
            status("stranger"),
            ours("nobody", "WUTONG_CALL=(null)", "WUTONG_OFFER=(null)"),
            ours(CALLER, "WUTONG_CALL=c-1", "WUTONG_OFFER=(null)", "WUTONG_SUB_HOTLINE=", bridge=HELD),
            ours("put-through", "WUTONG_CALL=c-2", "WUTONG_SUB_HOTLINE=gas", bridge="b-2"),
            ours(OFFER, "WUTONG_CALL=c-1", f"WUTONG_OFFER={OFFER}", "WUTONG_EARLY=1", "BESIDE=1", state="Ringing"),
        ],
        [device("INUSE"), AmiMessage((("Device", "Local/x"), ("State", "NOT_INUSE")))],
    )
    assert {call: found.unique_id for call, found in seen.callers().items()} == {"c-1": CALLER, "c-2": "put-through"}
    waits, put_through, rings = seen.channels[CALLER], seen.channels["put-through"], seen.channels[OFFER]
    assert (waits.name, waits.bridge, waits.line, waits.offer, waits.up) == (
        "PJSIP/caller-1",
        HELD,
        "",
        "",
        True,
    )
    assert put_through.line == "gas"
    assert (rings.call, rings.offer, rings.up, rings.variables.keys() >= {"WUTONG_EARLY", "BESIDE"}) == (
        *("c-1", OFFER, False, True),
    )
    assert seen.phones == {"1001": PhoneState.BUSY}


def test_a_waiting_caller_is_held_and_so_is_one_who_was_handed_over_into_the_holding_bridge() -> None:
    """It differs from a caller who was transferred in the same way to a member of a talk."""
    seen = AsteriskSnapshot.read(
        [
            status("waits", HELD, "BridgeWait"),
            status("handed over", TALK, "BridgeWait"),
            status("link-1", TALK, channel="Local/_attended@transfer-00000000;1"),
            status("link-2", HELD, channel="Local/_attended@transfer-00000000;2"),
            status("talks", "talk-2", "BridgeWait"),
            status("link-3", "talk-2", channel="Local/_attended@transfer-00000001;1"),
            status("link-4", "talk-3", channel="Local/_attended@transfer-00000001;2"),
            status("colleague", "talk-3", "AppDial"),
            status("on the way", "", "BridgeWait"),
        ],
        [],
    )
    assert {there.unique_id for there in seen.channels.values() if seen.held(there)} == {"waits", "handed over"}
