"""Callbacks that the engine of a world really has, with what the test wants promised."""

from acd.events import CallbackPromised, CallQueued
from journal.records import Kind, Record
from tests.unit.service.world import World


def promised(world: World, name: str, number: str, queue: str, at: float, expected: float | None = None) -> None:
    """The caller of the call "c-…" has waited since `at` (epoch seconds), and hangs up to be called back. `expected`:
    the seconds that this was expected to take; None: what the engine thinks.
    """
    call = f"c-{name}"
    world.desk.distributor.tell(CallQueued(call, queue, "zh"))
    world.desk.distributor.tell(CallbackPromised(call, name, number))
    if expected is not None:
        data = {"callback": name, "number": number, "language": "zh", "since": at, "expected_s": expected}
        world.desk.centre.recorder.write(Record(at, Kind.CALLBACK_PROMISED, call, queue, data=data))
