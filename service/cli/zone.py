"""The zone in which commands tell times: the hotline's, as its callers and agents live in it."""

from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from base.places import StateFolder


def zone_of(folder: StateFolder) -> tzinfo:
    """The zone of the hotline that runs on this state folder, or ran last; this machine's where none is known."""
    from processes import running

    note = running.service(folder) or running.last_supervisor(folder)
    if note is not None:
        from hotline.loader import sketch  # takes a third of a second, and most commands tell no time

        with suppress(KeyError, ValueError):  # no such zone
            if (hotline := sketch(note.hotline).hotline) is not None:
                return hotline.zone
    return datetime.now().astimezone().tzinfo or UTC


def minute(told: str, zone: tzinfo) -> str:
    """ISO 8601, as HTTP tells it, to the minute in that zone: `2025-03-03 09:30+08:00`."""
    return datetime.fromisoformat(told).astimezone(zone).isoformat(sep=" ", timespec="minutes")


def exact(told: str, zone: tzinfo) -> str:
    """The same to the millisecond, as `--until` takes it: `2025-03-03T09:30:00.125+08:00`."""
    return datetime.fromisoformat(told).astimezone(zone).isoformat(timespec="milliseconds")
