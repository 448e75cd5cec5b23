"""Surveys, as their Records tell them."""

from journal.records import Kind, Record


def survey(
    call: str,
    at: float,
    *keys: str,
    number: str = "138",
    queue: str = "greening",
    agent: str = "1001",
    questions: int = 2,
) -> list[Record]:
    """After a talk at `at` (epoch seconds) the caller is asked, and presses these keys."""
    records = [Record(at, Kind.SURVEY_OFFERED, call, queue, agent, data={"caller": number, "version": "v"})]
    for question, key in enumerate(keys, 1):
        data = {"question": question, "key": key, "version": "v"}
        records.append(Record(at + question, Kind.SURVEY_ANSWERED, call, queue, agent, data=data))
    if len(keys) == questions:
        records.append(Record(at + questions, Kind.SURVEY_COMPLETE, call, queue, agent, data={"version": "v"}))
    return records


def not_asked(call: str, at: float, why: str, queue: str = "greening", agent: str = "1001") -> Record:
    """After a talk nobody is asked."""
    return Record(at, Kind.SURVEY_NOT_ASKED, call, queue, agent, data={"why": why})
