"""Fields that the routes of all packages share: times as HTTP has them, and words of one line."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, PlainSerializer, WithJsonSchema

from sentences.sentence import Sentence

Time = Annotated[
    datetime,
    PlainSerializer(lambda at: at.isoformat(timespec="milliseconds"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2025-03-03T09:30:00.125+00:00"]}),
]
"""ISO 8601 with zone, UTC."""

ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$"
"""Words that others read: nothing in them breaks the line, or turns the direction of what stands beside them."""


def _written(moment: object) -> object:
    """Refuse a number, which pydantic would take for seconds since the epoch."""
    if isinstance(moment, str) and "T" not in moment.upper():
        raise ValueError(Sentence("has to be ISO 8601 with a zone, such as 2025-03-03T09:30:00+00:00"))
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
"""A time in a request: ISO 8601 with zone."""


def iso(seconds: float) -> str:
    """Seconds since the epoch as HTTP has them."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
