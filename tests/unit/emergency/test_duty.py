"""`*90`: a PIN, a recording that is heard, the switch and the end; and what a phone must not get by with."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from accounts.audit import Entry
from base.role import Role
from dialplan.agi_session import AgiSession, CallerGone
from emergency.duty import Duty
from emergency.kept_pins import Pins
from emergency.model import When
from emergency.pins import NotOnDuty
from tests.unit.emergency.test_emergencies import NOW, Office
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.world import World
from tests.unit.sounds.making import tone


class Phone:
    """An agent's phone: `keys` answer the questions one by one, `sounds` are what is said after each tone."""

    def __init__(self, keys: list[str], sounds: list[bytes]) -> None:
        self.heard: list[str] = []
        self._keys, self._sounds = iter(keys), iter(sounds)
        self.recorded: list[Path] = []
        self.hung_up = False

    async def answer(self) -> None: ...

    async def stream_file(self, path: str) -> tuple[str, int]:
        self.heard.append(path)
        return "", 0

    async def get_data(self, path: str, seconds: float, most: int) -> str:
        self.heard.append(path)
        key = next(self._keys, None)
        if key is None:
            raise CallerGone("the agent hung up")
        return key[:most]

    async def record(self, path: str, seconds: float) -> None:
        self.recorded.append(Path(path))
        await asyncio.to_thread(Path(path).write_bytes, next(self._sounds))

    async def hangup(self) -> None:
        self.hung_up = True


class Desk:
    """Somebody on duty with a PIN, and the office that keeps the message."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.world, self.office = folder, World(), Office(folder)
        self.audited: list[Entry] = []
        self.sound = tone(folder / "said", seconds=1, silence=0.5, rate=8_000, loudness=0.1).read_bytes()
        self.pins = Pins(folder / "pins.json", self.world.accounts, lambda: self.world.now)
        edition = self.office.studio.edition
        heard = type(edition)(edition.hotline, FakeCatalogue(("zh", "en")))
        self.duty = Duty(
            self.office.emergencies,
            self.pins,
            lambda: heard,
            folder,
            folder / "tone",
            lambda: self.world.now,
            self.audited.append,
        )

    async def dials(self, *keys: str, sounds: int | list[bytes] = 2) -> Phone:
        phone = Phone(list(keys), [self.sound] * sounds if isinstance(sounds, int) else sounds)
        await self.duty.answer(cast(AgiSession, phone), "1001")
        return phone


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    await made.world.person("wang", Role.OPERATIONS)
    return made


@pytest.fixture
async def pin(desk: Desk) -> str:
    return await desk.pins.give(desk.world.accounts.directory.people["wang"])


async def test_a_message_is_recorded_heard_and_switched_on(desk: Desk, pin: str) -> None:
    phone = await desk.dials(pin, "1", "1", "2", "3", "1")
    emergency = desk.office.emergencies.on
    assert emergency is not None
    assert (emergency.mode, emergency.after, emergency.until) == (When.INSTEAD, "person", NOW + 3 * 3_600)
    assert emergency.actor == "user:wang"
    assert [each.language for each in emergency.spoken] == ["zh", "en"]
    assert phone.hung_up
    assert not [file for file in phone.recorded if file.exists()], "what Asterisk wrote is gone"
    assert [(entry.actor, entry.what, entry.address) for entry in desk.audited] == [
        ("user:wang", "emergency-on", "phone 1001")
    ]
    assert not any(pin in str(entry) for entry in desk.audited)


async def test_a_recording_may_be_made_again(desk: Desk, pin: str) -> None:
    await desk.dials(pin, "2", "1", "1", "1", "9", "1", sounds=3)
    emergency = desk.office.emergencies.on
    assert emergency is not None
    assert emergency.mode is When.BEFORE


async def test_one_that_is_on_is_heard_gets_another_end_and_is_switched_off(desk: Desk, pin: str) -> None:
    await desk.office.on(until="1h")
    await desk.dials(pin, "1", "4", "9", "1")
    emergency = desk.office.emergencies.on
    assert emergency is not None
    assert emergency.until == NOW + 9 * 3_600
    await desk.dials(pin, "2")
    assert desk.office.emergencies.on is None
    assert [entry.what for entry in desk.audited] == ["emergency-on", "emergency-off"]


async def test_without_a_right_pin_nothing_is_asked(desk: Desk, pin: str) -> None:
    phone = await desk.dials("00000000", "", pin[:-1])
    assert phone.hung_up
    assert not phone.recorded
    assert [(entry.actor, entry.what, entry.status) for entry in desk.audited] == [
        ("agent:1001", "emergency-pin-refused", 403)
    ] * 3
    assert [entry.detail for entry in desk.audited] == ["account=nobody", "account=nobody", "account=nobody"]
    phone = await desk.dials("00000000", pin)
    last = desk.audited[-1]
    assert (last.what, last.detail, last.status) == ("emergency-pin-locked", "account=wang wait=60s", 429)
    phone = await desk.dials(pin)
    assert any("too many" in words or "密码错误次数太多" in words for words in phone.heard)
    assert desk.office.emergencies.on is None


class Broken(Phone):
    """Asterisk writes no recording: whoever broke into it `leaves` something else there."""

    def __init__(self, keys: list[str], leaves: Callable[[Path], object]) -> None:
        super().__init__(keys, [])
        self._leaves = leaves

    async def record(self, path: str, seconds: float) -> None:
        self.recorded.append(Path(path))
        await asyncio.to_thread(self._leaves, Path(path))


def large(file: Path) -> None:
    file.touch()
    os.truncate(file, 10**12)


@pytest.mark.parametrize(
    "leaves",
    [
        lambda file: file.symlink_to("/dev/zero"),
        lambda file: file.symlink_to(file.parent / "pins.json"),
        os.mkfifo,
        large,
    ],
    ids=["a link to what has no end", "a link to a file of the service", "a pipe", "a large file"],
)
async def test_asterisk_is_another_user_and_cannot_make_the_service_read(
    desk: Desk, pin: str, leaves: Callable[[Path], object]
) -> None:
    phone = Broken([pin], leaves)
    async with asyncio.timeout(10):
        await desk.duty.answer(cast(AgiSession, phone), "1001")
    assert phone.hung_up
    assert desk.office.emergencies.on is None
    assert not [file for file in phone.recorded if file.is_symlink() or file.exists()]


async def test_a_person_who_hangs_up_before_the_last_key_has_switched_nothing(desk: Desk, pin: str) -> None:
    with pytest.raises(CallerGone):
        await desk.dials(pin, "1", "1", "2", "3")
    assert desk.office.emergencies.on is None


async def test_silence_is_no_message(desk: Desk, pin: str) -> None:
    desk.sound = tone(desk.folder / "silent", seconds=1, rate=8_000, loudness=0.0).read_bytes()
    phone = await desk.dials(pin, sounds=3)
    assert len(phone.recorded) == 3
    assert phone.hung_up
    assert desk.office.emergencies.on is None


async def test_a_second_language_that_crackles_is_asked_for_again(desk: Desk, pin: str) -> None:
    crackles = tone(desk.folder / "crackles", seconds=1, rate=8_000, loudness=1.0, square=True).read_bytes()
    phone = await desk.dials(pin, "1", "1", "1", "2", "1", sounds=[desk.sound, crackles, desk.sound])
    assert len(phone.recorded) == 3
    emergency = desk.office.emergencies.on
    assert emergency is not None
    assert [each.language for each in emergency.spoken] == ["zh", "en"]
    await desk.dials(pin, "3", "1", "1", "2", "1", sounds=[desk.sound, *[crackles] * 3])
    emergency = desk.office.emergencies.on
    assert emergency is not None
    assert [each.language for each in emergency.spoken] == ["zh"], "one language is more than no message"


async def test_silence_right_after_the_tone_leaves_a_second_language_out(desk: Desk, pin: str) -> None:
    silent = tone(desk.folder / "silent", seconds=1, rate=8_000, loudness=0.0).read_bytes()
    await desk.dials(pin, "1", "1", "2", "1", sounds=[desk.sound, silent])
    emergency = desk.office.emergencies.on
    assert emergency is not None
    assert [each.language for each in emergency.spoken] == ["zh"]


async def test_a_person_who_may_not_switch_messages_gets_no_pin(desk: Desk) -> None:
    await desk.world.person("li", Role.DEPARTMENT)
    with pytest.raises(NotOnDuty, match="li may not"):
        await desk.pins.give(desk.world.accounts.directory.people["li"])
    assert desk.pins.names() == []


async def test_a_person_who_was_removed_takes_no_slot_of_a_pin(
    desk: Desk, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.world.accounts.directory.remove("wang")
    await desk.world.person("li", Role.OPERATIONS)
    monkeypatch.setattr("emergency.pins._FIRST", int(pin[:2]))
    monkeypatch.setattr("emergency.pins._LAST", int(pin[:2]))  # there is one slot
    assert (await desk.pins.give(desk.world.accounts.directory.people["li"]))[:2] == pin[:2]
