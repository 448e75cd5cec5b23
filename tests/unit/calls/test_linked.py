"""Numbers that are one citizen's, on SQLite and PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.linked import MOST, LinkedNumbers, count_due, leave, linked, remove_old
from calls.store import StoreUnavailable
from journal import database

ONE, OTHER, THIRD = "+86 138-0013-8000", "13900139000", "021 6228 0000"


async def rows(db: AsyncEngine) -> dict[str, float]:
    async with db.connect() as connection:
        return {row.number: row.at for row in (await connection.execute(select(linked))).all()}


async def test_two_numbers_are_linked_both_ways_however_they_are_written(db: AsyncEngine) -> None:
    numbers = LinkedNumbers(db)
    assert await numbers.of(ONE) == []
    assert await numbers.link(ONE, OTHER, 1.0)
    assert await numbers.of("008613800138000") == [OTHER]
    assert await numbers.of("0139 0013 9000") == [ONE]
    assert await numbers.of("") == []


async def test_what_is_linked_to_either_is_the_same_citizens(db: AsyncEngine) -> None:
    numbers = LinkedNumbers(db)
    await numbers.link(ONE, OTHER, 1.0)
    await numbers.link(THIRD, "110", 1.0)
    assert await numbers.link("02162280000", "0086 13800138000", 7.0), "each is written in another way"
    assert await numbers.of("110") == [OTHER, THIRD, ONE]
    assert set((await rows(db)).values()) == {7.0}
    assert await numbers.link(ONE, OTHER, 8.0)
    assert len(await rows(db)) == 4


async def test_a_citizen_has_ten_numbers_at_most(db: AsyncEngine) -> None:
    numbers = LinkedNumbers(db)
    for number in range(1, MOST):
        assert await numbers.link("100", f"1{number}1", 1.0)
    assert not await numbers.link("100", "222", 1.0)
    assert await numbers.link("100", "111", 1.0), "it is one of them"
    await numbers.link("333", "444", 1.0)
    assert not await numbers.link("444", "111", 1.0), "two citizens who would be too many as one"
    assert (len(await numbers.of("100")), await numbers.of("333")) == (MOST - 1, ["444"])


async def test_a_number_is_unlinked_and_the_last_one_goes_with_it(db: AsyncEngine) -> None:
    numbers = LinkedNumbers(db)
    await numbers.link(ONE, OTHER, 1.0)
    await numbers.link(ONE, THIRD, 1.0)
    await numbers.link("555", "666", 1.0)
    await numbers.unlink("555", ONE)  # not this citizen's
    assert len(await rows(db)) == 5
    await numbers.unlink(ONE, "0139-0013-9000")
    assert (await numbers.of(ONE), await numbers.of(OTHER)) == ([THIRD], [])
    await numbers.unlink(ONE, THIRD)
    assert set(await rows(db)) == {"555", "666"}
    async with db.begin() as connection:
        await leave(connection, "0555")
        await leave(connection, "777")
    assert await rows(db) == {}


async def test_the_oldest_go_a_few_at_a_time(db: AsyncEngine) -> None:
    numbers = LinkedNumbers(db)
    for day, pair in enumerate((("11", "12"), ("21", "22"), ("31", "32"))):
        await numbers.link(*pair, float(day))
    async with db.begin() as connection:
        assert await count_due(connection, 2.0) == 4
        assert await remove_old(connection, 2.0, 3) == (3, True)
        assert await remove_old(connection, 2.0, 3) == (1, False)
        assert await remove_old(connection, 2.0, 3) == (0, False)
    assert set(await rows(db)) == {"31", "32"}


async def test_without_a_database(tmp_path: Path) -> None:
    engine = database.open(tmp_path / "there" / "is" / "none.db")
    with pytest.raises(StoreUnavailable):
        await LinkedNumbers(engine).of(ONE)
    with pytest.raises(StoreUnavailable):
        await LinkedNumbers(engine).link(ONE, OTHER, 1.0)
    await engine.dispose()
