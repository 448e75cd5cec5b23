"""The E-model, by hand, and what the Record of a leg holds."""

import pytest

from calls.quality import LEAST, line, measured, mos, network
from dialplan.sound import Measured

LEG = Measured("u1", "1001", "c1", "1001", "ulaw", "192.0.2.77", 950, 1000, 50, 10, 0.004, 0.012, 0.08)


@pytest.mark.parametrize(
    ("loss", "jitter", "trip", "expected"),
    [
        # R = 93.2 - 0.024 * 20 = 92.72: 1 + 0.035 R + R (R - 60) (100 - R) 7e-6 = 1 + 3.2452 + 0.1546
        (0.0, 0.0, 0.0, 4.400),
        # Ie,eff = 95 * 5 / (5 + 25.1) = 15.781, R = 76.939: 1 + 2.6929 + 0.2104
        (5.0, 0.0, 0.0, 3.903),
        # d = 200 + 2 * 20 + 20 = 260, Id = 6.24 + 0.11 * 82.7 = 15.337, R = 77.863: 1 + 2.7252 + 0.2155
        (0.0, 20.0, 400.0, 3.941),
        # Ie,eff = 95 * 100 / 125.1 = 75.939, R = 16.781: 1 + 0.5873 - 0.4225
        (100.0, 0.0, 0.0, 1.165),
        # d = 2,020, Id = 48.48 + 202.7: R is less than 0
        (0.0, 0.0, 4_000.0, 1.0),
    ],
)
def test_the_e_model(loss: float, jitter: float, trip: float, expected: float) -> None:
    assert mos(loss, jitter, trip) == pytest.approx(expected, abs=0.0006)


def test_the_worse_direction_counts() -> None:
    data = measured(LEG)
    assert data is not None
    # d = 40 + 24 + 20 = 84, Id = 2.016, Ie,eff = 15.781, R = 75.403: 1 + 2.6391 + 0.2000
    assert (data["lost_from"], data["lost_to"], data["lost"]) == (5.0, 1.0, 5.0)
    assert (data["jitter_ms"], data["trip_ms"]) == (12.0, 80.0)
    assert data["mos"] == round(mos(5.0, 12.0, 80.0), 2) == 3.84
    assert (data["phone"], data["line"], data["network"], data["codec"]) == ("1001", "phone", "192.0.2.0/24", "ulaw")


def test_a_phone_that_reports_nothing_is_known_from_its_packets_alone() -> None:
    data = measured(LEG._replace(trip=0.0, lost_to=0, jitter_to=0.0))
    assert data is not None
    assert (data["lost_to"], data["trip_ms"], data["lost"], data["jitter_ms"]) == (None, None, 5.0, 4.0)


def test_a_phone_of_which_nothing_came_has_no_mos() -> None:
    data = measured(LEG._replace(packets_from=0, lost_from=1))
    assert data is not None
    assert (data["lost_from"], data["mos"], data["packets_from"]) == (None, None, 0)


def test_what_a_phone_cannot_have_measured_is_not_known() -> None:
    data = measured(LEG._replace(jitter_to=536_870.0, trip=4_000_000.0))
    assert data is not None
    assert (data["jitter_ms"], data["trip_ms"]) == (4.0, None)


def test_a_short_leg_has_no_figures() -> None:
    short = LEG._replace(packets_from=LEAST - 1, packets_to=LEAST - 1)
    assert measured(short) is None
    assert measured(short._replace(packets_to=LEAST)) is not None


@pytest.mark.parametrize(
    ("phone", "kind"),
    [("1001", "phone"), ("1001_browser", "browser"), ("trunk", "outside"), ("anonymous", "outside")],
)
def test_kinds_of_lines(phone: str, kind: str) -> None:
    assert line(phone) == kind


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.9", "198.51.100.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:198.51.100.9", "198.51.100.0/24"),
        ("", ""),
        ("nowhere", ""),
    ],
)
def test_networks(address: str, expected: str) -> None:
    assert network(address) == expected
