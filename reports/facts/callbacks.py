"""Facts of callbacks."""

from collections.abc import Mapping

from acd.events import Left
from hotline.callbacks import interval
from journal.records import Record
from reports.facts.model import Call, Entry, Facts, Open, Promise, of_queue
from reports.sums import Fact


def callback_promised(state: Open, record: Record, call: Call) -> Facts:
    data = record.data
    if record.queue is None:
        return
    if call.entry is not None:
        call.entry.promised = True
    expected = data.get("expected_s")
    span = interval(record.at, None if expected is None else float(expected), 0.0)
    promise = Promise(record.queue, record.at, None if span is None else span[1])
    state.promises[str(data.get("callback", ""))] = promise
    yield Fact(record.at, of_queue(record.queue), {"callbacks": 1})


def callback_dialled(state: Open, record: Record) -> Facts:
    promise = state.promises.get(record.call or "")
    if promise is not None and not promise.tried:
        promise.tried = True
        on_time = int(promise.until is None or record.at <= promise.until)
        yield Fact(promise.at, of_queue(promise.queue), {"callbacks_tried": 1, "callbacks_on_time": on_time})


def callback_answered(state: Open, record: Record) -> Facts:
    promise = state.promises.pop(str(record.data.get("callback", "")), None)
    call = state.calls.get(record.call or "")
    if promise is not None:
        yield Fact(promise.at, of_queue(promise.queue), {"callbacks_reached": 1})
        if call is not None:
            call.entry = Entry(promise.queue, promise.at, callback=True)


def callback_over(queue: str, promised: float, how: str) -> Facts:
    yield Fact(promised, of_queue(queue), {how: 1})


OF_CALLBACKS: Mapping[str, str] = {
    Left.CANCELLED: "callbacks_cancelled",
    Left.NOT_REACHED: "callbacks_not_reached",
    Left.TALKED: "callbacks_connected",
}
