"""The numbers that callers dial, each with what its callers hear first and where they enter."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.model import Alone, Entry
from sounds.model import Texts

Number = Annotated[str, Field(pattern=r"^[0-9*#+]{1,20}$")]


class Entered(BaseModel):
    """A dialled number. A former hotline keeps its own greeting and entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Number = Field(description="The number that callers dial, in quotation marks.", examples=["12319"])
    entry: Entry | None = Field(
        default=None,
        description="Where its calls go after the greeting. Left out: the hotline's `entry`.",
        examples=["water", {"queue": "general"}],
    )
    greeting: Texts | None = Field(
        default=None,
        description="What its callers hear first. Left out: the hotline's `greeting`.",
        examples=[{"zh": "您好，这里是供水热线。", "en": "Welcome to the water hotline."}],
    )


def _number_alone(value: Any) -> Any:
    return {"number": value} if isinstance(value, str) else value


Entrance = Annotated[Entered, BeforeValidator(_number_alone), Alone(Number)]
"""As the file has it: `"12319"`, or `{number: "12319", entry: DESTINATION, greeting: TEXT}`."""
