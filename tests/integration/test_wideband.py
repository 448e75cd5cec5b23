"""A phone with a wideband codec hears the wideband version of what is played; others hear the telephone's."""

import asyncio
import math
import subprocess
from array import array
from contextlib import suppress
from operator import mul
from pathlib import Path

from lab.patience import patience
from lab.phone import Call, Phone
from lab.phone.sdp import G722, OPUS, PCMA, PCMU
from sounds.audio import WIDE_RATE, read, wide
from tests.integration.world import World

WIDEBAND = [(G722, ".wav16"), (OPUS, ".wav16")]
TELEPHONE = [(PCMU, ".wav"), (PCMA, ".wav")]


def open_files(pid: int | None) -> list[Path]:
    found = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found.append(descriptor.readlink())
    return found


async def opened(hotline: World, part: str) -> str:
    """The ending of the file below the folder of sounds, with `part` in its path, that Asterisk opens."""
    pid = hotline.asterisk.running()
    folder = hotline.settings.folder.sounds.resolve()
    async with patience(f"a file with {part} in its path that Asterisk opens"):
        while True:
            for path in open_files(pid):
                if path.is_relative_to(folder) and part in str(path):
                    return path.suffix
            await asyncio.sleep(0.01)  # another process has no event to wait for


def loudest(samples: "array[int]", seconds: float) -> "array[int]":
    count = int(seconds * WIDE_RATE)
    begin = max(range(0, len(samples) - count, count // 4), key=lambda at: sum(map(abs, samples[at : at + count])))
    return samples[begin : begin + count]


def likeness(one: "array[int]", other: "array[int]") -> float:
    power = sum(map(mul, one, one)) * sum(map(mul, other, other))
    return sum(map(mul, one, other)) / math.sqrt(power) if power else 0.0


def alike(heard: "array[int]", played: "array[int]") -> float:
    """How like the loudest second of what was played the part of `heard` is that is most like it; 1 is the same."""

    def thin(samples: "array[int]") -> "array[int]":
        return array("h", (sum(samples[at : at + 8]) // 8 for at in range(0, len(samples) - 7, 8)))

    stretch = loudest(played, 1.0)
    coarse, pattern = thin(heard), thin(stretch)
    starts = range(len(coarse) - len(pattern))
    about = 8 * max(starts, key=lambda at: sum(map(mul, coarse[at : at + len(pattern)], pattern)))
    return max(likeness(heard[at : at + len(stretch)], stretch) for at in range(max(0, about - 24), about + 24))


def above(samples: "array[int]", hertz: int) -> float:
    """The share of the power that is above this frequency."""
    raw = ["-t", "raw", "-r", str(WIDE_RATE), "-b", "16", "-e", "signed-integer", "-c", "1", "-"]
    done = subprocess.run(
        ["sox", "-D", *raw, *raw, "sinc", str(hertz)], input=samples.tobytes(), capture_output=True, check=True
    )
    high = array("h", done.stdout)
    return float(sum(map(mul, high, high)) / sum(map(mul, samples, samples)))


async def decoded(hotline: World, g722: bytes, folder: Path) -> "array[int]":
    """16,000 samples a second: Asterisk decodes what it has sent."""
    await asyncio.to_thread((folder / "heard.g722").write_bytes, g722)
    await hotline.asterisk.command("module load res_convert.so")
    told = await hotline.asterisk.command(f"file convert {folder}/heard.g722 {folder}/heard.wav16")
    assert (folder / "heard.wav16").exists(), told
    return await asyncio.to_thread(read, folder / "heard.wav16")


async def test_a_g722_phone_hears_the_wideband_version(hotline: World, tmp_path: Path) -> None:
    greeting = hotline.clip(hotline.hotline.greeting)
    played = read(wide(greeting))
    citizen = await hotline.citizen(codecs=(G722,))
    call = await citizen.dial("12319")
    async with patience("the whole greeting"):
        while len(call.raw(G722)) < 8000 * (len(played) / WIDE_RATE + 1):  # noqa: ASYNC110 - raw packets have no event
            await asyncio.sleep(0.05)
    heard = await decoded(hotline, call.raw(G722), tmp_path)
    await call.hang_up()
    assert alike(heard, played) > 0.95
    assert above(played, 4000) > 0.003, "the clip has nothing there"
    assert above(heard, 4000) > above(played, 4000) / 2


async def test_each_codec_is_given_the_file_that_fits_it(hotline: World) -> None:
    for codec, ending in (*TELEPHONE, *WIDEBAND):
        call = await (await hotline.citizen(codecs=(codec,))).dial("12319")
        assert await opened(hotline, "/zh/") == ending, codec
        await call.press("1")  # nobody is at work: music
        assert await opened(hotline, "/music/") == ending, codec
        await hangs_up(hotline, call)


async def test_the_codec_that_a_phone_likes_best_is_spoken(hotline: World) -> None:
    endings = dict([*TELEPHONE, *WIDEBAND])
    for offered in ((PCMU, G722), (G722, PCMU), (G722, PCMA, PCMU), (OPUS, G722, PCMA)):
        call = await (await hotline.citizen(codecs=offered)).dial("12319")
        assert await opened(hotline, "/zh/") == endings[offered[0]], offered
        await hangs_up(hotline, call)


async def hangs_up(hotline: World, call: Call) -> None:
    """Until Asterisk has closed the files of this call: the next one opens its own."""
    await call.hang_up()
    await hotline.see("calls", lambda calls: all(call["state"] == "ended" for call in calls))
    folder = hotline.settings.folder.sounds.resolve()
    async with patience("the end of the files of that call"):
        while any(path.is_relative_to(folder) for path in open_files(hotline.asterisk.running())):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # another process has no event to wait for


async def test_an_agent_is_offered_wideband_and_talks_to_a_caller_without(hotline: World, tmp_path: Path) -> None:
    password = hotline.secrets.phone_password("1003", hotline.hotline.phones["1003"]).get_secret_value()
    async with Phone(hotline.sip, "1003", password, codecs=(PCMU, G722)) as agent:
        await agent.register(expires=60)
        await hotline.see_agent("1003", phone="free")
        await hotline.set_state("1003", "ready")
        citizen = await hotline.citizen()
        call = await citizen.dial("12319")
        await call.press("21")
        offer = await agent.incoming()
        assert b"RTP/AVP 9 " in offer.invite.body
        talk = await offer.answer()
        call.send_tone(440)
        before = len(talk.raw(G722))
        async with patience("two seconds of the caller's voice"):
            while len(talk.raw(G722)) < before + 16000:  # noqa: ASYNC110 - raw packets have no event
                await asyncio.sleep(0.05)
        heard = (await decoded(hotline, talk.raw(G722), tmp_path))[-WIDE_RATE:]
        step = 2 * math.pi * 440 / WIDE_RATE
        waves = [
            array("h", (round(9000 * turn(step * at)) for at in range(WIDE_RATE))) for turn in (math.sin, math.cos)
        ]
        assert math.hypot(*(likeness(heard, wave) for wave in waves)) > 0.9
        await call.hang_up()
