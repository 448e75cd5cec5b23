"""How good the sound of a phone was, by the E-model. Pure."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dialplan.sound import Measured, Reported

LEAST = 250
"""Packets in one direction, which last 5 s: a leg with fewer in both has no figures. Loss is known only from Asterisk's
report after 5 s on."""

PACKET_MS = 20.0
"""What one packet holds, so that it cannot be sent sooner."""

BUFFER = 2.0
"""How many times the jitter a phone's buffer holds back what it plays."""

LONGEST = 10.0
"""Seconds of jitter and of a round trip that are believed, at most."""

_BEST = 93.2
"""The rating R of a G.711 talk without delay or loss: ITU-T G.107 with all its default values."""

_ROBUST = 25.1
"""Bpl of G.711 with concealed loss, by which a loss of so many percent costs half: ITU-T G.113, appendix I. Its Ie
is 0. The E-model of narrowband has no values of G.722 and Opus, which count as G.711, though they sound better.
"""


def mos(loss: float, jitter_ms: float, trip_ms: float) -> float:
    """What people would say of it, 1 (bad) to 4.4 (as good as the telephone gets), as ITU-T G.107 estimates.

    loss       percent of the packets, as if each were lost by chance (BurstR 1)
    jitter_ms  as RFC 3550 defines it
    trip_ms    from Asterisk to the phone and back; half of it delays what is heard

    R = 93.2 - Id - Ie,eff. Ie,eff = 95 · Ppl / (Ppl + Bpl): G.107, equation 7-29, with Ie = 0. Id = 0.024 d + 0.11 (d -
    177.3) beyond 177.3 ms: the usual simplification of its delays (Cole, Rosenbluth: Voice over IP Performance
    Monitoring, 2001). MOS of R: G.107, annex B.
    """
    delay = trip_ms / 2 + BUFFER * jitter_ms + PACKET_MS
    impaired = 0.024 * delay + 0.11 * max(0.0, delay - 177.3)
    rating = _BEST - impaired - 95 * loss / (loss + _ROBUST)
    if rating <= 0:
        return 1.0
    return max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)


def measured(of: Measured) -> Mapping[str, Any] | None:
    """What the Record of a leg holds (`journal.records.Kind.LEG_MEASURED`); None: it was too short."""
    if max(of.packets_from, of.packets_to) < LEAST:
        return None
    of = of._replace(jitter_to=_possible(of.jitter_to), jitter_from=_possible(of.jitter_from), trip=_possible(of.trip))
    reported = of.trip > 0 or of.lost_to > 0 or of.jitter_to > 0
    lost_from = _share(of.lost_from, of.packets_from + of.lost_from) if of.packets_from else None
    lost_to = _share(of.lost_to, of.packets_to) if reported else None
    heard = [loss for loss in (lost_from, lost_to) if loss is not None]
    jitter = 1000 * max(of.jitter_from, of.jitter_to if reported else 0.0)
    return {
        "phone": of.phone,
        "line": line(of.phone),
        "network": network(of.address),
        "codec": of.codec,
        "packets_from": of.packets_from,
        "packets_to": of.packets_to,
        "lost_from": lost_from,
        "lost_to": lost_to,
        "jitter_ms": round(jitter, 1),
        "trip_ms": round(1000 * of.trip, 1) if of.trip > 0 else None,
        "lost": max(heard) if heard else None,
        "mos": round(mos(max(heard), jitter, 1000 * of.trip), 2) if lost_from is not None else None,
    }


def line(phone: str) -> str:
    """What kind of phone it is: `outside` (a citizen's, or a department's behind the trunk), `browser`, `phone`."""
    if phone in ("trunk", "anonymous"):
        return "outside"
    return "browser" if phone.endswith("_browser") else "phone"


def network(address: str) -> str:
    """The network of an address: /24, or /48 of IPv6; "": it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 6:
        found = found.ipv4_mapped or found
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def _possible(seconds: float) -> float:
    """What a phone reports may be anything; what cannot be is not known."""
    return seconds if 0 <= seconds <= LONGEST else 0.0


def _share(part: int, whole: int) -> float:
    return round(100 * min(1.0, max(0, part) / whole), 2) if whole > 0 else 0.0


FEW = 5
"""Fewer packets in the 5 s between two reports are silence. A talk has 250; a phone that sends no audio may still send
one now and then to keep its way open.
"""

MOST = 5_000
"""Legs that are followed, at most: more than there are agents."""


class Side(StrEnum):
    """Whose audio it is."""

    AGENT = "agent"
    CALLER = "caller"


@dataclass(slots=True)
class _Leg:
    highest: int | None
    sent: int
    told: set[Side] = field(default_factory=set)


class OneWay:
    """Feed it each report to an agent's phone. What goes to that phone is what comes from the caller."""

    def __init__(self) -> None:
        self._legs: dict[str, _Leg] = {}

    def note(self, report: Reported) -> frozenset[Side] | None:
        """Take the next report of a leg that talks. Returns who was not heard since the report before. None: this is
        the leg's first report.
        """
        leg, sent = self._legs.get(report.channel), report.sent
        if leg is None:
            self._legs[report.channel] = _Leg(report.highest, sent or 0)
            if len(self._legs) > MOST:
                del self._legs[next(iter(self._legs))]
            return None
        few = {Side.AGENT: _few_came(leg.highest, report.highest), Side.CALLER: _few_went(leg.sent, sent)}
        leg.highest, leg.sent = report.highest, leg.sent if sent is None else sent
        return frozenset(side for side in Side if few[side])

    def is_first(self, channel: str, side: Side) -> bool:
        """Whether this side is told of for the first time in this leg's talk. A phone that sends nothing while its user
        listens falls silent again and again.
        """
        leg = self._legs.get(channel)
        if leg is None or side in leg.told:
            return False
        leg.told.add(side)
        return True

    def over(self, channel: str) -> None:
        """The leg does not talk any more, or not without a hold."""
        self._legs.pop(channel, None)


def _few_came(before: int | None, now: int | None) -> bool:
    return now is None or (before is not None and (now - before) % 65_536 < FEW)


def _few_went(before: int, now: int | None) -> bool:
    return now is None or 0 <= now - before < FEW
