"""PINs: given, taken away, guessed, and what a person without the role has of one."""

from pathlib import Path

import pytest

from base.role import Role
from emergency.kept_pins import Locked, Pins
from emergency.pins import NotOnDuty, Why
from tests.unit.service.world import World


@pytest.fixture
async def world() -> World:
    made = World()
    await made.person("wang", Role.OPERATIONS)
    await made.person("li", Role.AGENT, agent="1001")
    return made


def pins(world: World, folder: Path) -> Pins:
    made = Pins(folder / "pins.json", world.accounts, lambda: world.now)
    made.take_up()
    return made


async def test_a_pin_is_known_again_after_a_restart_and_never_kept_in_clear(world: World, tmp_path: Path) -> None:
    first = await pins(world, tmp_path).give(world.accounts.directory.people["wang"])
    kept = (tmp_path / "pins.json").read_text()
    assert first not in kept
    assert (tmp_path / "pins.json").stat().st_mode & 0o777 == 0o600
    again = pins(world, tmp_path)
    person = await again.who(first, "1001")
    assert person is not None
    assert (person.name, again.names()) == ("wang", ["wang"])
    second = await again.give(person)
    assert await again.who(first, "1001") is None, "a new one replaces it"
    assert await again.who(second, "1001") == person
    assert again.take_away("wang")
    assert not again.take_away("wang")
    assert await again.who(second, "1001") is None


async def test_a_pin_does_not_count_for_a_person_who_may_not_switch_messages(world: World, tmp_path: Path) -> None:
    made, people = pins(world, tmp_path), world.accounts.directory
    with pytest.raises(NotOnDuty):
        await made.give(people.people["li"])
    wang = await made.give(people.people["wang"])
    await people.change("wang", queues=frozenset({"greening"}))
    assert await made.who(wang, "1001") is None, "limited to a part of the hotline"
    await people.change("wang", queues=frozenset())
    assert await made.who(wang, "1001") is not None
    await people.remove("wang")
    world.now += 1
    await world.person("wang", Role.OPERATIONS)
    assert await made.who(wang, "1001") is None, "another person of that name"
    assert made.names() == []


async def test_guessing_locks_the_phone(world: World, tmp_path: Path) -> None:
    made = pins(world, tmp_path)
    right = await made.give(world.accounts.directory.people["wang"])
    for wrong in ("", "00000000", right[::-1], "*" * 8):
        assert await made.who(wrong, "1001") is None
    with pytest.raises(Locked, match="phone, for 60 s"):
        await made.who(right, "1001")
    assert await made.who(right, "1002") is not None
    assert made.refused == {Why.WRONG: 4, Why.PHONE: 1}
    [metric] = made.collect()
    assert {sample.labels["why"]: sample.value for sample in metric.samples if "why" in sample.labels} == {
        "wrong": 4, "phone": 1, "account": 0
    }  # fmt: skip
    world.now += 60
    assert await made.who(right, "1001") is not None


async def test_a_house_of_phones_that_guess_does_not_lock_the_person_on_duty_out(world: World, tmp_path: Path) -> None:
    made = pins(world, tmp_path)
    right = await made.give(world.accounts.directory.people["wang"])
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    for phone in range(2_000, 2_010):
        for _ in range(3):
            assert await made.who(wrong, str(phone)) is None
    with pytest.raises(Locked, match="account, for"):
        await made.who(wrong, "2000")
    assert made.tried(wrong) == "wang"
    assert await made.who(right, "1001") is not None
    with pytest.raises(Locked, match="account, for"):
        await made.who(right, "2000")


async def test_a_damaged_file_gives_nobody_a_pin(world: World, tmp_path: Path) -> None:
    (tmp_path / "pins.json").write_text('[{"name": "wang"}]')
    made = pins(world, tmp_path)
    assert made.names() == []
    digits = await made.give(world.accounts.directory.people["wang"])
    assert await made.who(digits, "1001") is not None
