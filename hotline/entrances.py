"""The numbers that callers dial, each with what its callers hear first and where they enter."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.model import Entry
from sounds.model import Texts

Number = Annotated[str, Field(pattern=r"^[0-9*#+]{1,20}$")]


class Entered(BaseModel):
    """A dialled number. `entry`, `greeting` left out: those of the hotline. A former hotline keeps its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Number
    entry: Entry | None = None
    greeting: Texts | None = None


def _number_alone(value: Any) -> Any:
    return {"number": value} if isinstance(value, str) else value


Entrance = Annotated[Entered, BeforeValidator(_number_alone)]
"""As the file has it: `"12319"`, or `{number: "12319", entry: DESTINATION, greeting: TEXT}`."""
