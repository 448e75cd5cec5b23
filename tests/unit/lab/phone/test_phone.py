"""Two of our phones call each other without a server in between; and one registers at a small registrar."""

import asyncio
import gc
import secrets
import socket
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lab.patience import patience, until
from lab.phone import (
    Call,
    CallFailed,
    Ending,
    IncomingCall,
    Late,
    NotHeard,
    OutgoingCall,
    Phone,
    RegistrationFailed,
    SessionOver,
    audio,
    transaction,
)
from lab.phone.endpoint import Endpoint
from lab.phone.message import Request, Response
from lab.phone.packet import Packet
from lab.phone.phone import FAREWELL
from lab.phone.rtp import RtpSession
from lab.phone.transaction import ServerTransaction

LARGEST_BUFFER = int(Path("/proc/sys/net/core/rmem_max").read_text())
"""Bytes that a socket of this machine may keep."""


@pytest.fixture
async def callee() -> AsyncIterator[Phone]:
    async with Phone(("127.0.0.1", 9), number="1001", name="绿化一席") as phone:
        yield phone


@pytest.fixture
async def caller(callee: Phone) -> AsyncIterator[Phone]:
    async with Phone(callee.address, number="13800138000", name='张三 "老张"') as phone:
        yield phone


async def conversation(caller: Phone, callee: Phone) -> tuple[OutgoingCall, IncomingCall]:
    placed = await caller.place("1001")
    came = await callee.incoming()
    await came.answer()
    await placed.answered()
    return placed, came


async def test_who_hangs_up_is_not_left_waiting_when_the_phone_is_closed_meanwhile(
    caller: Phone, callee: Phone
) -> None:
    placed, came = await conversation(caller, callee)
    callee.unplug()  # nobody answers the BYE
    hanging_up = asyncio.create_task(placed.hang_up())
    await placed.ended()
    await caller.close()
    async with patience("the end of the hang-up", 5):
        await hanging_up
    came.drop()


async def test_a_request_that_nobody_answers_is_over_after_its_life(
    caller: Phone, callee: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, came = await conversation(caller, callee)
    callee.unplug()
    monkeypatch.setattr(transaction, "LIFE", 0.1)
    async with patience("the end of the hang-up", 5):
        await placed.hang_up()
    came.drop()


async def test_ringing_answer_audio_and_hang_up(caller: Phone, callee: Phone) -> None:
    placed = await caller.place("1001", headers=[("X-Queue", "greening")])
    came = await callee.incoming()
    assert (came.caller_name, came.caller_number, came.dialled) == ('张三 "老张"', "13800138000", "1001")
    assert came.header("X-Queue") == "greening"
    with pytest.raises(Late):
        await placed.ringing(0.05)
    await came.ring()
    await placed.ringing()
    assert not placed.up
    await came.answer()
    await placed.answered()
    placed.send_tone(440)
    came.send_tone(800)
    await came.hears(440)
    await placed.hears(800)
    came.send_silence()
    await placed.hears_silence()
    await came.hang_up()
    assert await placed.ended() == Ending(by_us=False)
    assert await came.ended() == Ending(by_us=True)
    assert caller.calls == callee.calls == ()


async def test_asserted_identity_goes_before_from(caller: Phone, callee: Phone) -> None:
    asserted = ("P-Asserted-Identity", '"李四" <tel:+862112319>')
    placed = await caller.place("1001", headers=[asserted])
    came = await callee.incoming()
    assert (came.caller_name, came.caller_number) == ("李四", "+862112319")
    await placed.cancel()


@pytest.mark.parametrize("status", [404, 480, 486, 603])
async def test_rejection_reaches_the_caller(caller: Phone, callee: Phone, status: int) -> None:
    placed = await caller.place("1001")
    came = await callee.incoming()
    await came.reject(status)
    with pytest.raises(CallFailed) as failure:
        await placed.answered()
    assert failure.value.status == status
    with pytest.raises(CallFailed):
        await came.answer()


async def test_cancel_before_the_answer(caller: Phone, callee: Phone) -> None:
    placed = await caller.place("1001")
    came = await callee.incoming()
    await came.ring()
    await placed.ringing()
    assert await placed.cancel() == Ending(by_us=True, status=487, reason="Request Terminated")
    assert await came.cancelled() == ""
    with pytest.raises(CallFailed):
        await came.answer()


async def test_cancel_at_once_waits_for_the_first_response(caller: Phone, callee: Phone) -> None:
    placed = await caller.place("1001")
    ending = await placed.cancel()
    assert ending.status == 487
    came = await callee.incoming()
    assert await came.cancelled() == ""


async def test_a_call_given_up_before_its_invite_is_none(caller: Phone) -> None:
    await caller.open()
    placing = asyncio.create_task(caller.place("1001"))
    await asyncio.sleep(0)
    placing.cancel()
    await asyncio.wait({placing})
    assert placing.cancelled()
    assert caller.calls == ()


async def test_answer_that_crosses_the_cancel_is_hung_up(caller: Phone, callee: Phone) -> None:
    placed = await caller.place("1001")
    came = await callee.incoming()
    cancelling = asyncio.ensure_future(placed.cancel())
    await came.answer()
    assert (await came.ended()).by_us is False
    assert (await cancelling).by_us is True


@pytest.mark.parametrize("method", ["rfc4733", "info"])
async def test_keys_arrive_once_each_and_in_order(caller: Phone, callee: Phone, method: str) -> None:
    placed, came = await conversation(caller, callee)
    await placed.press("1#22", "info" if method == "info" else "rfc4733", duration=0.04, gap=0.04)
    assert [await came.hears_key() for _ in range(4)] == ["1", "#", "2", "2"]


async def test_press_takes_as_long_as_the_key(caller: Phone, callee: Phone) -> None:
    placed, came = await conversation(caller, callee)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await placed.press("5", duration=0.2)
    assert 0.2 <= loop.time() - began < 2, "a busy machine adds to it"
    assert await came.hears_key() == "5"
    with pytest.raises(ValueError, match="not keys"):
        await placed.press("x")


async def test_end_of_the_call_ends_a_key(caller: Phone, callee: Phone) -> None:
    placed, came = await conversation(caller, callee)
    pressing = asyncio.ensure_future(placed.press("123456789", duration=1))
    await came.hang_up()
    with pytest.raises(SessionOver):
        await pressing


async def test_hold_silences_and_unhold_does_not(caller: Phone, callee: Phone) -> None:
    placed, came = await conversation(caller, callee)
    placed.send_tone(440)
    came.send_tone(800)
    await placed.hears(800)
    await placed.hold()
    await came.hears_silence()
    await placed.hears_silence()
    await placed.unhold()
    await came.hears(440)
    await placed.hears(800)


async def test_a_stranger_who_sends_audio_is_not_heard(caller: Phone, callee: Phone) -> None:
    """An Asterisk that still sends to the phone that had the port before."""
    placed, came = await conversation(caller, callee)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for number, frame in enumerate(audio.tone(440)):
            stranger.sendto(Packet(0, number, 160 * number, 1, frame).encode(), ("127.0.0.1", placed.media.port))
    came.send_tone(800)
    await placed.hears(800)
    assert placed.media.ear.strays == 50
    with pytest.raises(NotHeard, match="50 packets came from elsewhere"):
        await placed.hears(440, timeout=0.05)
    await placed.hang_up()


async def test_a_phone_that_reads_late_has_lost_nothing() -> None:
    """Nine seconds of audio come before the loop gets to them; fewer where the machine's buffers are small."""
    frames = min(450, LARGEST_BUFFER // 1_000)
    session = await RtpSession.open("127.0.0.1", taciturn=False, keep=20)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        for number in range(frames):
            packet = Packet(0, number, 160 * number, 1, audio.SILENCE)
            caller.sendto(packet.encode(), ("127.0.0.1", session.port))

    async def arrived() -> float:
        return session.ear.received

    await until("all of it", arrived, lambda seconds: round(seconds / 0.02) == frames)
    session.close()


async def test_taciturn_phone_speaks_first_and_when_told(callee: Phone) -> None:
    async with Phone(callee.address, taciturn=True) as caller:
        placed, came = await conversation(caller, callee)
        await came.hears_silence()
        assert came.received == pytest.approx(0.2)
        placed.send_tone(440)
        await came.hears(440)


async def test_a_phone_that_sends_little_is_known_to_be_there(callee: Phone) -> None:
    async with Phone(callee.address, taciturn=True) as caller:
        placed, came = await conversation(caller, callee)
        await came.hears_silence()

        async def received() -> float:
            return came.received

        before = came.received
        placed.send_little()
        await until("three packets", received, lambda now: now > before + 0.05)
        assert came.received < before + 0.2
        placed.send_tone(440)
        await came.hears(440)


async def test_lost_invite_is_sent_again(caller: Phone, callee: Phone) -> None:
    callee.unplug()
    placed = await caller.place("1001")
    asyncio.get_running_loop().call_later(0.1, callee.plug_in)
    came = await callee.incoming()
    await came.answer()
    await placed.answered()
    assert caller.ladder().count("-> INVITE") == 2


async def test_lost_answer_and_lost_acknowledgement_are_sent_again(caller: Phone, callee: Phone) -> None:
    placed = await caller.place("1001")
    came = await callee.incoming()
    await came.ring()
    await placed.ringing()
    caller.unplug()
    await came.answer()
    asyncio.get_running_loop().call_later(0.1, caller.plug_in)
    await placed.answered()
    await placed.hears_silence()  # the 200 comes no more once it is acknowledged
    await placed.press("1", "info")
    assert callee.ladder().count("-> 200 OK [1 INVITE]") == 2
    assert caller.ladder().count("-> ACK") == 1


async def test_a_phone_that_dies_says_nothing_more_and_closes_at_once(caller: Phone, callee: Phone) -> None:
    placed, came = await conversation(caller, callee)
    came.send_tone(440)
    await placed.hears(440)
    callee.die()
    await placed.hears_silence()
    with pytest.raises(Late):
        await placed.ended(0.1)
    async with patience("the end of a dead phone", FAREWELL / 2, callee.ladder):
        await callee.close()
    assert callee.ladder().count("BYE") == 0
    placed.drop()


async def test_close_ends_calls_and_leaves_nothing(callee: Phone) -> None:
    before = asyncio.all_tasks()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        async with Phone(callee.address) as caller:
            _, came = await conversation(caller, callee)
            ringing = await caller.place("1001")
            other = await callee.incoming()
            await other.ring()
            await ringing.ringing()
        assert (await came.ended()).by_us is False
        assert await other.cancelled() == ""
        await caller.close()
        gc.collect()
    assert asyncio.all_tasks() == before


async def test_close_does_not_wait_long_for_one_that_is_gone(monkeypatch: pytest.MonkeyPatch, callee: Phone) -> None:
    monkeypatch.setattr("lab.phone.phone.FAREWELL", 0.2)
    loop = asyncio.get_running_loop()
    async with Phone(callee.address) as caller:
        await conversation(caller, callee)
        callee.unplug()
        began = loop.time()
    assert 0.2 <= loop.time() - began < 30, "the 32 s in which SIP awaits an answer"


async def test_requests_outside_of_a_call(caller: Phone, callee: Phone) -> None:
    seen: asyncio.Queue[Response] = asyncio.Queue(10)
    placed, _ = await conversation(caller, callee)
    endpoint = Endpoint(None, lambda request, transaction: None, lambda response: seen.put_nowait(response))
    await endpoint.open("127.0.0.1", 0)
    try:
        for method, tag, required, status in [
            ("OPTIONS", "", "", 200),
            ("NOTIFY", "", "", 200),
            ("MESSAGE", "", "", 200),
            ("INVITE", "", "100rel", 420),
            ("INVITE", "", "", 488),
            ("SUBSCRIBE", "", "", 405),
            ("BYE", ";tag=unknown", "", 481),
            ("CANCEL", "", "", 481),
        ]:
            host, port = endpoint.address
            headers = [
                ("Via", f"SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{secrets.token_hex(4)}"),
                ("From", "<sip:x@127.0.0.1>;tag=x"),
                ("To", f"<sip:1001@127.0.0.1>{tag}"),
                ("Call-ID", "elsewhere"),
                ("CSeq", f"1 {method}"),
                ("Contact", endpoint.contact("x")),
            ]
            if required:
                headers.append(("Require", required))
            body = b"not a description" if method == "INVITE" else b""
            endpoint.send(Request(tuple(headers), body, method=method, uri="sip:1001@127.0.0.1"), callee.address)
            async with patience(f"the answer to {method}"):
                assert (await seen.get()).status == status, method
    finally:
        await endpoint.close()
    assert placed.up


class Registrar:
    """Challenges every REGISTER with a new nonce and then accepts what is signed."""

    def __init__(self) -> None:
        self.endpoint = Endpoint(None, self.receive, lambda response: None)
        self.seen: asyncio.Queue[Request] = asyncio.Queue(100)
        self.refusals = 0

    def receive(self, request: Request, transaction: ServerTransaction) -> None:
        signature = request.get("Authorization")
        if signature is None or 'username="1001"' not in signature:
            question = f'Digest realm="test", nonce="{secrets.token_hex(4)}", qop="auth"'
            transaction.respond(request.answer(401, headers=[("WWW-Authenticate", question)]))
            return
        if self.refusals:
            self.refusals -= 1
            transaction.respond(request.answer(503))
            return
        self.seen.put_nowait(request)
        transaction.respond(request.answer(200, headers=[("Contact", request.require("Contact"))]))


@pytest.fixture
async def registrar() -> AsyncIterator[Registrar]:
    registrar = Registrar()
    await registrar.endpoint.open("127.0.0.1", 0)
    yield registrar
    await registrar.endpoint.close()


async def test_registration_is_renewed_and_taken_back(registrar: Registrar) -> None:
    async with Phone(registrar.endpoint.address, "1001", "secret") as phone:
        await phone.register(expires=1)
        assert phone.registered
        first = await registrar.seen.get()
        assert first.get("Expires") == "1"
        async with patience("the renewal"):
            renewal = await registrar.seen.get()
        assert renewal.sequence[0] > first.sequence[0]
        assert renewal.call_id == first.call_id
    async with patience("the end of the registration"):
        while (await registrar.seen.get()).get("Expires") != "0":
            pass  # another renewal
    assert registrar.seen.empty()
    assert not phone.registered


async def test_registration_comes_back_after_an_absence(registrar: Registrar) -> None:
    async with Phone(registrar.endpoint.address, "1001", "secret") as phone:
        await phone.register(expires=1)
        registrar.refusals = 1
        await phone.wait_registered(False)
        assert not phone.registered
        await phone.wait_registered()
        assert registrar.refusals == 0


async def test_wrong_user_is_refused(registrar: Registrar) -> None:
    async with Phone(registrar.endpoint.address, "1002", "secret") as phone:
        with pytest.raises(RegistrationFailed, match="401"):
            await phone.register()
        assert not phone.registered


async def test_dial_returns_the_call_or_says_why_not(caller: Phone, callee: Phone) -> None:
    async def refuse() -> None:
        await (await callee.incoming()).reject(603)

    refusing = asyncio.ensure_future(refuse())
    with pytest.raises(CallFailed, match="603"):
        await caller.dial("1001")
    await refusing
    with pytest.raises(Late, match="INVITE"):
        await caller.dial("1001", timeout=0.05)
    assert [type(call) for call in callee.calls] == [IncomingCall]
    assert all(isinstance(call, Call) for call in caller.calls)
