"""The settings of emergency messages."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

_LONGEST = 168


class EmergencySettings(BaseModel):
    """How long an emergency message is on: docs/emergency.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: Annotated[float, Field(ge=0.25, le=_LONGEST)] = Field(
        default=4, description="Hours that an emergency message is on where nobody says until when."
    )
    most_hours: Annotated[float, Field(ge=1, le=_LONGEST)] = Field(  # a phone's keys say whole hours
        default=24, description="Hours that an emergency message is on at most; after that somebody has to renew it."
    )

    @model_validator(mode="after")
    def _in_order(self) -> "EmergencySettings":
        if self.hours > self.most_hours:
            raise ValueError("hours may not be more than most_hours")
        return self
