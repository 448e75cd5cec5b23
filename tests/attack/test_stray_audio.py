"""A stranger sends audio to the port of a call whose phone is silent: nothing comes back, and nobody hears it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lab.patience import until
from lab.phone import Call, audio
from lab.phone.rtp import RtpSession
from tests.integration.exchange import desk, exchange

TONE = 1_300
"""Hertz: what the stranger says."""
LASTING = 2.0
"""Seconds of the stranger's audio. Four packets (80 ms) were enough."""


@asynccontextmanager
async def stranger(call: Call) -> AsyncIterator[RtpSession]:
    """Speaks to Asterisk's port of this call, from another address of loopback."""
    session = await RtpSession.open("127.0.0.2")
    session.connect(*call.media.remote, None)
    session.send_tone(TONE)
    try:
        yield session
    finally:
        session.close()


async def test_a_silent_callers_audio_goes_to_nobody_else(tmp_path: Path) -> None:
    async with (
        exchange(tmp_path) as here,
        desk(here.given) as at,
        here.citizen() as phone,
        at.plays_music(phone) as (call, _),
    ):
        call.send_nothing()
        async with stranger(call) as other:
            had = call.received

            async def came() -> float:
                return call.received - had

            await until("the caller's music", came, lambda seconds: seconds >= LASTING)
            assert other.ear.received == 0


async def test_nobody_hears_a_stranger_instead_of_one_who_is_silent(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, here.agent("1001") as one, here.agent("2200") as other:
        await other.register()
        call = await one.place("2200")
        offer = await other.incoming()
        await offer.answer()
        await call.answered()
        call.send_tone(500)
        await offer.hears(500)
        call.send_nothing()
        async with stranger(call):
            await asyncio.sleep(LASTING)
        call.send_tone(700)
        await offer.hears(700)
        assert audio.share(offer.heard(60), TONE) < 0.01


async def test_with_the_setting_audio_follows_a_phone_behind_nat(tmp_path: Path) -> None:
    async with (
        exchange(tmp_path, phones_behind_nat=True) as here,
        desk(here.given) as at,
        here.citizen() as phone,
        at.plays_music(phone) as (call, _),
    ):
        call.send_nothing()
        async with stranger(call) as itself:
            await itself.ear.hears("sound")
