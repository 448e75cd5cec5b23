"""The zone in which commands tell times: the hotline's, as its callers and agents live in it."""

from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from base.places import StateFolder


def zone_of(folder: StateFolder) -> tzinfo:
    """The zone of the hotline that runs on this state folder, or ran last; this machine's where none is known."""
    with suppress(OSError, KeyError, ValueError):  # none was kept yet; no such zone
        return ZoneInfo(folder.timezone.read_text(encoding="utf-8"))
    return datetime.now().astimezone().tzinfo or UTC


def minute(told: str, zone: tzinfo) -> str:
    """ISO 8601, as HTTP tells it, to the minute in that zone: `2025-03-03 09:30+08:00`."""
    return datetime.fromisoformat(told).astimezone(zone).isoformat(sep=" ", timespec="minutes")


def exact(told: str, zone: tzinfo) -> str:
    """The same to the millisecond, as `--until` takes it: `2025-03-03T09:30:00.125+08:00`."""
    return datetime.fromisoformat(told).astimezone(zone).isoformat(timespec="milliseconds")
