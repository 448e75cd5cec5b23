"""Batches are worked on in pieces, so that calls do not wait for a whole one."""

import asyncio

from journal.rows import SLICE, slices


async def test_between_two_pieces_of_a_batch_others_have_their_turn() -> None:
    batch, others = list(range(2 * SLICE + 1)), 0

    def other() -> None:
        nonlocal others
        others += 1
        asyncio.get_running_loop().call_soon(other)

    asyncio.get_running_loop().call_soon(other)
    seen = [(list(some), others) async for some in slices(batch)]
    assert [turns for _, turns in seen] == [0, 1, 2]
    assert [number for some, _ in seen for number in some] == batch
    assert max(len(some) for some, _ in seen) == SLICE


async def test_there_is_no_piece_of_an_empty_batch() -> None:
    assert [some async for some in slices(list[int]())] == []
