"""The year of a city that reports are measured on."""

from itertools import islice

from lab.bench.year import AWAY, FIRST, HOLIDAYS, STORMS, load_of, year
from reports.facts.fold import after
from reports.facts.model import Open
from reports.sums import Pending, made_of


def test_a_year_has_seasons_holidays_storms_and_days_without_a_service() -> None:
    assert load_of(STORMS[0]) > 3
    assert load_of(HOLIDAYS.holidays[0]) < load_of(HOLIDAYS.makeup[0])
    days = list(islice(year(3_000, 1), 100))
    assert [n for n, records in enumerate(days) if not records] == [(AWAY[0] - FIRST).days]
    state, pending = Open(), Pending()
    for records in days:
        assert [record.at for record in records] == sorted(record.at for record in records)
        for record in records:
            pending.add(after(state, record))
    assert not state.calls
    assert not state.seats
    total = made_of({})
    for row, amounts in pending.rows.items():
        if row.dimension == "hotline":
            total.add(made_of(amounts))
    assert 500 < total.calls < 700
    assert total.entries == total.answered + total.abandoned == total.calls
    assert 0 < total.abandoned < total.answered
