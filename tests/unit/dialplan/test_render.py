import re
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from dialplan.liveness import LISTEN
from dialplan.render import AGI_SECRET, NUMBER_GONE, rendered
from hotline.model import SubHotline
from processes import modules
from settings.ports import Ports
from settings.sections import Trunk
from tests.unit.dialplan.exchange import AGENT, CALLER, OFFER, exchange, message
from tests.unit.dialplan.rendering import DUTY, FOLDER, GAS, TRUNK, either, extensions, sections, settings, values
from tests.unit.faketime import fake_time

PROOF = f"${{SHA1(${{UNIQUEID}}${{FILE({FOLDER}/etc/agi-secret)}})}}"
"""What every AGI session shows first."""


def test_a_citizen_reaches_the_hotlines_numbers_and_nothing_else() -> None:
    citizen = sections(rendered(FOLDER, values(numbers=("12319", "021*12319")))["extensions.conf"])["wutong-citizen"]

    assert extensions(citizen) == ["12319", "021*12319", NUMBER_GONE]
    assert not [line for line in citizen if line.startswith("include")]


def test_an_agent_reaches_numbers_queues_agents_and_the_codes() -> None:
    found = sections(rendered(FOLDER, values())["extensions.conf"])

    assert extensions(found["wutong-agent"]) == ["*45", "*46", "*47", "*48", "*90"]
    assert "include => wutong-transfer" in found["wutong-agent"]
    assert extensions(found["wutong-transfer"]) == ["6001", "1001", "2200"]
    assert "include => wutong-citizen" in found["wutong-transfer"]


def test_no_phone_can_listen() -> None:
    found = sections(rendered(FOLDER, values(trunk=Trunk(**TRUNK)))["extensions.conf"])

    assert extensions(found["wutong-supervisor"]) == ["listen", "whisper", "join", "sign"]
    contexts = ("wutong-supervisor", "wutong-sign")
    others = [line for name, lines in found.items() if name not in contexts for line in lines]
    assert not [line for line in others if any(name in line for name in contexts) and not line.startswith(";")]
    listening = [line for line in found["wutong-supervisor"] if "ChanSpy(" in line]
    options = [line.rpartition(",")[2].rstrip(")") for line in listening]
    assert options == ["uqES", "uqESw", "uqESB", "uqESB"], "u: one channel, by its whole name; ES: it ends with it"


def test_only_the_service_leads_a_leg_aside_or_has_an_agents_phone_dial() -> None:
    found = sections(rendered(FOLDER, values())["extensions.conf"])

    assert extensions(found["wutong-offer"]) == ["s", "aside", "back", "consult", "nomove"]
    for own in ("wutong-offer", "wutong-dial", "wutong-joined"):
        others = [line for name, lines in found.items() if name != own for line in lines if not line.startswith(";")]
        assert not [line for line in others if own in line]
    assert "same => n,Goto(wutong-transfer,${WUTONG_DIALS},1)" in found["wutong-dial"]


def test_numbers_outside_are_dialled_only_through_a_trunk() -> None:
    without = rendered(FOLDER, values())["extensions.conf"]
    through = rendered(FOLDER, values(trunk=Trunk(**TRUNK)))["extensions.conf"]

    assert "962777" not in without
    assert "exten => 962777,1," in through
    assert "same => n,Dial(PJSIP/962777@trunk,60,gi)" in through


def test_a_number_that_agents_may_call_is_theirs_alone_and_needs_a_trunk() -> None:
    without = rendered(FOLDER, values(allowed=("110", "962777", "1001")))["extensions.conf"]
    through = rendered(FOLDER, values(trunk=Trunk(**TRUNK), allowed=("110", "962777", "1001")))["extensions.conf"]

    assert "exten => 110," not in without
    found = sections(through)
    assert extensions(found["wutong-transfer"]) == ["6001", "1001", "2200", "110", "962777"]
    assert "same => n,Dial(PJSIP/110@trunk,60,gi)" in found["wutong-transfer"]
    assert not [line for line in found["wutong-citizen"] if "110" in line], "a caller cannot dial it"


def test_a_phone_is_dialled_past_the_service_unless_a_caller_of_the_service_is_sent_there() -> None:
    """One colleague calls another: no business of the service. While it is away, a transfer is dialled all the same."""
    text = rendered(FOLDER, values())["extensions.conf"]
    _, _, rest = text.partition("exten => 1001,1,")
    steps = [line.strip() for line in rest.partition("\nexten =>")[0].splitlines() if not line.strip().startswith(";")]
    assert steps[0] == 'GotoIf($["${WUTONG_CALL}" = ""]?phone)'
    away = 'same => n,GotoIf($["${WUTONG_MOVED}" != "" & "${WUTONG_RUNG}" = "" & ${WUTONG_TRIES} >= 3]?phone)'
    counted = next(index for index, line in enumerate(steps) if line.startswith("same => n(count)"))
    assert steps.index(away) == counted + 1
    # the fallback is not the phone that was dialled before
    assert "same => n(alone),MSet(WUTONG_SUB_HOTLINE=,WUTONG_RUNG=)" in steps
    assert steps[-12:] == [
        "same => n(phone),Set(WUTONG_RUNG=1001)",  # else a phone that cannot be reached is dialled again and again
        "same => n,Set(VOLUME(TX)=0)",
        "same => n,Set(_DYNAMIC_FEATURES=wutong-record)",
        "same => n,Set(_WUTONG_LEG=${WUTONG_CALL})",
        f"same => n,Dial({either('1001')},60,gi)",
        'same => n,GotoIf($["${WUTONG_CALL}" = ""]?over)',
        'same => n,GotoIf($["${DIALSTATUS}" != "ANSWER"]?serve)',
        'same => n,MSet(WUTONG_RUNG=${WUTONG_RUNG}${IF($["${WUTONG_MOVED}" != ""]?/blind)},WUTONG_MOVED=)',
        "same => n,Goto(serve)",
        "same => n(over),Wait(0.2)",
        'same => n,GotoIf($["${WUTONG_CALL}" != ""]?serve)',
        "same => n,Hangup(${HANGUPCAUSE})",
    ]


def test_a_call_is_brought_to_the_service_again_and_again_then_to_the_fallback() -> None:
    lines = sections(rendered(FOLDER, values(tries=7))["extensions.conf"])["wutong-citizen"]

    variables = ("CALL", "TEST", "LANGUAGE", "MOVED", "AGENT", "ADDRESS", "RUNG", "ABOUT", "CALLBACK")
    arguments = ",".join([PROOF, *(f"${{WUTONG_{name}}}" for name in variables)])
    assert f"same => n,AGI(agi://127.0.0.1:22003/call,{arguments})" in lines
    assert "same => n,GotoIf($[${WUTONG_TRIES} >= 7]?away)" in lines
    assert f"same => n,Dial({either('2200')},25,i)" in lines


def test_where_a_call_goes_on_behind_the_service_stays_the_same_line() -> None:
    """An upgrade renders and reloads while callers are in AGI() or hear music: each goes on with the next number, so a
    line that is put in or left out above would have them repeat a step, or leave one out.
    """
    text = rendered(FOLDER, values())["extensions.conf"]
    for extension, at in (("12319", 16), (NUMBER_GONE, 16), ("6001", 7)):
        _, _, rest = text.partition(f"exten => {extension},1,")
        steps = [line for line in rest.splitlines()[1:] if line.strip().startswith("same =>")]
        numbers = [1]
        for step in steps:
            number = re.match(r" same => ([0-9]+)", step)
            numbers.append(int(number[1]) if number else numbers[-1] + 1)
        served = next(index for index, line in enumerate(steps) if ",AGI(" in line)
        assert numbers[served + 1] == at, extension
        assert "GotoIf" in steps[served + 1]


def test_what_is_broken_off_goes_on_where_the_service_is_called() -> None:
    found = sections(rendered(FOLDER, values())["extensions.conf"])
    assert "same => n,Goto(wutong-citizen,i,1)" in found["wutong-again"]


def test_every_session_shows_its_proof_first_and_no_configuration_has_the_secret() -> None:
    files = rendered(FOLDER, values(numbers=("12319", "12345")))
    text = files["extensions.conf"]

    sessions = re.findall(r"AGI\(agi://127\.0\.0\.1:22003/(\w+),([^,]*),", text)
    assert sessions == [(path, PROOF) for path in (*["call"] * 6, *["code"] * 5)]
    assert text.count(",AGI(") == len(sessions)
    assert [name for name, text in files.items() if "s3cret-of-agi" in text] == [AGI_SECRET]
    assert files[AGI_SECRET] == "s3cret-of-agi", "FILE() would give a line break, too"


@pytest.mark.parametrize(
    "secret", ["short", "s3cret,of-agi", "s3cret)of-agi", "s3cret of-agi", "s3cret-${EPOCH}", "x" * 129]
)
def test_a_secret_that_the_dialplan_would_read_otherwise_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(ValidationError, match="an AGI secret is") as refused:
        values(agi_secret=SecretStr(secret))
    assert secret not in str(refused.value)


def test_before_the_fallback_the_caller_is_told() -> None:
    apology = Path("/srv/wutong/sounds/zh/sorry")
    lines = sections(rendered(FOLDER, values(apology=apology))["extensions.conf"])["wutong-citizen"]

    told = lines.index("same => n,Playback(/srv/wutong/sounds/zh/sorry)")
    assert lines[told - 1 : told + 2 : 2] == ["same => n,Answer()", f"same => n,Dial({either('2200')},25,i)"]
    for without in (values(), values(apology=apology, fallback=None)):
        assert "Playback(/srv/wutong/sounds" not in rendered(FOLDER, without)["extensions.conf"]


def test_the_apology_is_a_path_and_nothing_else() -> None:
    with pytest.raises(ValidationError, match="absolute path"):
        values(apology=Path("/srv/a&b"))


@pytest.mark.parametrize(
    ("changes", "dial"),
    [
        ({"fallback": DUTY}, either("2200")),
        ({"fallback": GAS}, None),
        ({"fallback": GAS, "trunk": Trunk(**TRUNK)}, "PJSIP/962777@trunk"),
        ({"fallback": None}, None),
    ],
)
def test_where_the_fallback_goes(changes: dict[str, Any], dial: str | None) -> None:
    text = "\n".join(sections(rendered(FOLDER, values(**changes))["extensions.conf"])["wutong-citizen"])
    assert (f"Dial({dial}," in text) if dial else "Dial(" not in text


def test_without_a_trunk_and_on_loopback_every_caller_is_a_citizen() -> None:
    anonymous = settings(rendered(FOLDER, values())["pjsip.conf"], "anonymous")

    assert anonymous["context"] == "wutong-citizen"
    assert anonymous["allow_transfer"] == "no"


@pytest.mark.parametrize(
    ("uri", "known"),
    [
        ("sip:12319@127.0.0.1", True),
        ("sips:12319@127.0.0.1:5060", True),
        ("sip:*1%23+2@127.0.0.1", True),
        ("sip:12319", False),
        ("sip:123190@127.0.0.1", False),
        ("sip:912319@127.0.0.1", False),
        ("sip:12319:x@127.0.0.1", False),
        ("sip:*1x+2@127.0.0.1", False),
        ("sip:i@127.0.0.1", False),
        ("sip:x%0d@sip:12319@127.0.0.1", False),
    ],
)
def test_a_citizen_is_known_by_the_number_dialled(uri: str, known: bool) -> None:
    text = rendered(FOLDER, values(numbers=("12319", "*1#+2")))["pjsip.conf"]
    (pattern,) = (line for line in sections(text)["anonymous"] if line.startswith("match_request_uri = "))
    assert bool(re.search(pattern.partition(" = ")[2].strip("/"), uri)) == known


@pytest.mark.parametrize("changes", [{"listen": IPv4Address("192.0.2.1")}, {"trunk": Trunk(**TRUNK)}])
def test_else_nobody_is_anonymous(changes: dict[str, Any]) -> None:
    assert "[anonymous]" not in rendered(FOLDER, values(**changes))["pjsip.conf"]


def test_an_agents_phone_is_known_by_id_and_password() -> None:
    lines = sections(rendered(FOLDER, values())["pjsip.conf"])["1001"]

    assert {"auth = 1001", "aors = 1001", "username = 1001", "password = s3cret-of-1001"} <= set(lines)
    assert "set_var = WUTONG_AGENT=1001" in lines
    assert settings(rendered(FOLDER, values())["pjsip.conf"], "global")["endpoint_identifier_order"] == (
        "header,username,request_uri,ip"
    )


def test_silence_ends_no_call_and_a_phone_that_does_not_answer_does() -> None:
    text = rendered(FOLDER, values(trunk=Trunk(**TRUNK)))["pjsip.conf"]
    common, phone = settings(text, "common"), settings(text, "agent-aor")
    assert (common["rtp_timeout"], common["rtp_timeout_hold"]) == ("0", "0")
    assert (common["timers"], common["timers_sess_expires"]) == ("always", "90")
    noticed = float(phone["qualify_frequency"]) + float(phone["qualify_timeout"]) + LISTEN
    assert noticed <= 9, "with the way to the caller's ear it is to be less than 10 s"
    assert float(phone["qualify_frequency"]) < float(phone["qualify_timeout"]) + LISTEN, (
        "a second OPTIONS comes in time"
    )


def test_every_outside_endpoint_says_where_its_audio_is() -> None:
    """Without it Asterisk looks up names in every call, which blocks it where they do not resolve."""
    listen = IPv4Address("192.0.2.1")
    text = rendered(FOLDER, values(listen=listen, trunk=Trunk(**TRUNK)))["pjsip.conf"]

    assert settings(text, "common")["bind_rtp_to_media_address"] == "yes"
    assert settings(text, "agent")["media_address"] == "192.0.2.1"
    assert "media_address = 192.0.2.10" in sections(text)["trunk"]
    assert settings(rendered(FOLDER, values())["pjsip.conf"], "anonymous")["media_address"] == "127.0.0.1"


def test_a_trunk_is_known_by_its_address_never_by_the_name_that_a_caller_gives() -> None:
    trunk = sections(rendered(FOLDER, values(trunk=Trunk(**TRUNK, match=("198.51.100.0/24",))))["pjsip.conf"])["trunk"]

    assert "identify_by = ip" in trunk
    assert "match = 198.51.100.0/24" in trunk
    assert "match = sip.example.net" not in trunk
    assert "type = auth" not in trunk
    assert "allow_transfer = no" in trunk


def test_a_trunk_may_have_credentials_and_be_registered_with() -> None:
    trunk = Trunk(**TRUNK, user="wutong", password="s3cret-of-trunk", register=True)
    text = rendered(FOLDER, values(trunk=trunk))["pjsip.conf"]

    assert {"password = s3cret-of-trunk", "type = registration", "client_uri = sip:wutong@sip.example.net"} <= set(
        sections(text)["trunk"]
    )
    assert settings(text, "trunk-udp")["bind"] == "192.0.2.10:5062"


@pytest.mark.parametrize("asserted", [True, False])
def test_only_from_a_trunk_that_is_trusted_for_it_an_asserted_number_counts(asserted: bool) -> None:
    text = rendered(FOLDER, values(trunk=Trunk(**TRUNK, asserted=asserted)))["extensions.conf"]
    assert ("P-Asserted-Identity" in text) == asserted


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({}, False),
        ({"agi_host": "localhost"}, False),
        ({"agi_host": "service.example"}, True),
        ({"trunk": Trunk(**{**TRUNK, "host": "192.0.2.1"}, match=("198.51.100.0/24",))}, False),
        ({"trunk": Trunk(**{**TRUNK, "host": "192.0.2.1"}, match=("sbc.example.net",))}, True),
        ({"trunk": Trunk(**TRUNK)}, True),
    ],
)
def test_a_name_server_is_asked_only_where_somebody_is_given_by_name(changes: dict[str, Any], asks: bool) -> None:
    options = rendered(FOLDER, values(**changes))["resolver"].splitlines()[-1]
    assert options == f"timeout:1 attempts:{int(asks)} no-aaaa"


@pytest.mark.parametrize("extra", [{"register": True}, {"user": "wutong"}, {"password": "s3cret-of-trunk"}])
def test_half_of_a_trunks_credentials_is_refused(extra: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="user and password"):
        Trunk(**TRUNK, **extra)


def test_opus_is_offered_only_where_it_can_be_translated() -> None:
    assert "opus" not in rendered(FOLDER, values(modules=frozenset(modules.NEEDED)))["pjsip.conf"]
    assert ",opus" in settings(rendered(FOLDER, values())["pjsip.conf"], "common")["allow"]


def test_a_phone_that_asterisk_calls_is_offered_wideband_first_and_one_that_calls_chooses() -> None:
    common = settings(rendered(FOLDER, values())["pjsip.conf"], "common")
    assert common["allow"] == "g722,opus,ulaw,alaw"
    assert common["incoming_call_offer_pref"] == "remote"


def test_only_named_modules_are_loaded() -> None:
    lines = sections(rendered(FOLDER, values())["modules.conf"])["modules"]

    assert lines[0] == "autoload = no"
    assert set(lines[1:]) == {f"load = {name}.so" for name in [*modules.NEEDED, "codec_opus"]}


def test_ami_may_ring_and_hang_up_and_no_more() -> None:
    user = settings(rendered(FOLDER, values())["manager.conf"], "wutong")

    assert user["write"] == "call,originate"
    assert set(user["read"].split(",")) == {"call", "dtmf", "reporting", "system", "user"}
    assert user["permit"] == "127.0.0.1/255.255.255.255"


async def what_follows(event: str, channel: str) -> list[object]:
    """What is told and asked after this event of a caller or of a leg, whatever else it says."""
    here = await exchange()
    await here.looks()
    here.telephony.watch(CALLER)
    await here.rings()
    here.telephony.legs.cancel(OFFER)
    here.asked()
    of_channel = {"Uniqueid": channel, "Channel": f"PJSIP/{AGENT}-1", "ChannelStateDesc": "Up", "Cause": "16"}
    of_key_and_phone = {"Digit": "1", "Direction": "Received", "Device": f"PJSIP/{AGENT}", "State": "INUSE"}
    of_bridge = {
        "BridgeUniqueid": "b-1",
        "BridgeTechnology": "holding_bridge",
        "OrigTransfererUniqueid": OFFER,
        "Result": "Success",
    }
    of_dial = {"DestUniqueid": OFFER, "DialStatus": "ANSWER", "Forward": "1002", "SecondTransfererUniqueid": CALLER}
    of_leg = {"ActionID": OFFER, "Response": "Failure", "Reason": "3", "UserEvent": "WutongPickedUp"}
    here.tell(message(Event=event, **of_channel, **of_key_and_phone, **of_bridge, **of_dial, **of_leg))
    return [*here.heard.take(), *here.asked()]


@fake_time
async def test_no_event_is_kept_back_that_somebody_listens_to() -> None:
    texts = sections(rendered(FOLDER, values())["manager.conf"])["wutong"]
    kept_back = set(re.findall(r"eventfilter\(action\(exclude\),name\((\w+)\)", "\n".join(texts)))
    for event in kept_back:
        assert [*await what_follows(event, CALLER), *await what_follows(event, OFFER)] == []
    assert "MusicOnHoldStart" in kept_back
    heard = ("DTMFEnd", "DeviceStateChange", "BridgeEnter", "Newchannel", "Newstate", "Hangup", "OriginateResponse")
    for event in (*heard, "DTMFBegin", "HangupRequest", "AttendedTransfer", "UserEvent", "DialEnd"):
        assert [*await what_follows(event, CALLER), *await what_follows(event, OFFER)] != [], "what it says is enough"


def test_asterisks_own_tests_tell_nothing() -> None:
    """Debian's Asterisk is built with them: eight events a call, which no filter of AMI keeps from being made."""
    declined = settings(rendered(FOLDER, values())["stasis.conf"], "declined_message_types")
    assert declined == {"decline": "ast_test_suite_message_type"}


def test_there_is_an_account_for_reloading_only_where_one_is_needed() -> None:
    assert "wutong-reload" not in rendered(FOLDER, values())["manager.conf"]

    account = settings(rendered(FOLDER, values(reload_secret="s3cret-of-reload"))["manager.conf"], "wutong-reload")
    assert account == {"secret": "s3cret-of-reload", "read": "system", "write": "system"}


def test_every_listener_has_an_address() -> None:
    texts = rendered(FOLDER, values(listen=IPv4Address("192.0.2.1")))

    assert settings(texts["manager.conf"], "general")["bindaddr"] == "127.0.0.1"
    assert settings(texts["http.conf"], "general")["bindaddr"] == "192.0.2.1"
    assert settings(texts["pjsip.conf"], "phones-udp")["bind"] == "192.0.2.1:22001"
    assert "0.0.0.0:" not in "".join(texts.values())


@pytest.mark.parametrize("certificate", [None, (Path("/c.pem"), Path("/c.key"))])
def test_browsers_may_have_another_address_than_phones(certificate: tuple[Path, Path] | None) -> None:
    listen, web = IPv4Address("192.0.2.1"), IPv4Address("127.0.0.1")
    texts = rendered(FOLDER, values(listen=listen, web=web, certificate=certificate))
    assert "192.0.2.1" not in texts["http.conf"]
    assert "bindaddr = 127.0.0.1" in texts["http.conf"]


@pytest.mark.parametrize(("base", "first"), [(22_000, "23000"), (22_005, "23006")])
def test_audio_begins_at_an_even_port(base: int, first: str) -> None:
    text = rendered(FOLDER, values(ports=Ports.from_base(base)))["rtp.conf"]
    assert settings(text, "general")["rtpstart"] == first


def test_while_the_service_is_away_a_code_says_so_in_each_language() -> None:
    made = values(away=(Path("/sounds/zh/away"), Path("/sounds/en/away")))
    found = sections(rendered(FOLDER, made)["extensions.conf"])["wutong-agent"]
    lines = [line for line in found if not line.startswith(" ;") and line.partition(";")[0].strip()]
    at = next(index for index, line in enumerate(lines) if line.startswith("exten => *90,"))
    steps = [line.partition("n,")[2].partition("(")[0] for line in lines[at + 1 : at + 5]]
    assert steps == ["AGI", "Playback", "Playback", "Hangup"]
    assert lines[at + 2].endswith("Playback(/sounds/zh/away)")
    with pytest.raises(ValidationError, match="absolute path"):
        values(away=(Path("/sounds/${x}"),))


@pytest.mark.parametrize(
    ("phones", "trunk", "probation"), [(False, False, "600"), (True, False, "4"), (False, True, "4")]
)
def test_audio_comes_from_the_sdps_address_and_goes_there_unless_a_setting_says_otherwise(
    phones: bool, trunk: bool, probation: str
) -> None:
    given = values(phones_behind_nat=phones, trunk=Trunk(**TRUNK, behind_nat=trunk))
    files = rendered(FOLDER, given)
    yes = {True: "yes", False: "no"}
    assert settings(files["pjsip.conf"], "common")["rtp_symmetric"] == yes[phones]
    assert settings(files["pjsip.conf"], "trunk")["rtp_symmetric"] == yes[trunk]
    assert settings(files["rtp.conf"], "general")["probation"] == probation


@pytest.mark.parametrize("fallback", [DUTY, None])
def test_a_machine_that_stands_by_sends_who_is_not_answered_elsewhere(fallback: SubHotline | None) -> None:
    def citizen(*, stands_by: bool) -> list[str]:
        text = rendered(FOLDER, values(fallback=fallback, stands_by=stands_by))["extensions.conf"]
        return [line for line in sections(text)["wutong-citizen"] if not line.startswith(";")]

    alone, several = citizen(stands_by=False), citizen(stands_by=True)
    more = [
        'same => n(full),GotoIf($["${WUTONG_FULL}" != "elsewhere"]?here)',
        "same => n,Set(WUTONG_FULL=)",
        'same => n,GotoIf($["${CHANNEL(state)}" = "Up"]?away)',
        "same => n,Hangup(34)",
        "same => n(here),NoOp()",
    ]
    begin = several.index(more[0])
    assert several[begin : begin + 5] == more
    assert [line.replace("n(full)", "n") for line in alone] == [line for line in several if line not in more]
