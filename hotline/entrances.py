"""The numbers that callers dial, each with what its callers hear first and where they enter."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.model import Entry
from sounds.model import Texts

Number = Annotated[str, Field(pattern=r"^[0-9*#+]{1,20}$")]


class Entered(BaseModel):
    """A dialled number. `entry`, `greeting` left out: those of the hotline. A former hotline keeps its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Number = Field(description="The number that callers dial.", examples=["962777"])
    entry: Entry | None = Field(
        default=None,
        description="Where its calls go after the greeting: a menu's name, or a destination. Left out: the hotline's.",
        examples=[{"queue": "gas"}],
    )
    greeting: Texts | None = Field(
        default=None,
        description="What its callers hear first. Left out: as the hotline's.",
        examples=[{"zh": "您好，这里是燃气热线。", "en": "Welcome to the gas hotline."}],
    )


def _number_alone(value: Any) -> Any:
    return {"number": value} if isinstance(value, str) else value


Entrance = Annotated[Entered, BeforeValidator(_number_alone)]
"""As the file has it: `"12319"`, or `{number: "12319", entry: DESTINATION, greeting: TEXT}`."""
