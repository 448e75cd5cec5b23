"""What `GET /versions/{number}` tells of a version's recordings and lists of callers."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, Field

from publishing.versions import Version


class ListOut(BaseModel):
    """A list of callers that a version keeps."""

    file: str = Field(description="In the hotline's folder.", examples=["seniors.txt"])
    sha256: str
    size: int = Field(description="Bytes.", examples=[48_044])
    lost: bool = Field(description="It is not there any more: the version cannot come back without a backup.")


class RecordingOut(ListOut):
    """A recording that a version keeps."""

    file: str = Field(description="In the hotline's folder.", examples=["prompts/zh/main.wav"])
    language: str = Field(examples=["zh"])
    words: str = Field(description="What it says.", examples=["绿化请按1"])


def extras_out(version: Version, lost: Collection[str]) -> Mapping[str, Any]:
    """Its recordings and lists. `lost`: names of those that are not there."""
    if version.extras is None:
        return {"recordings": None, "lists": None}
    told = {
        name: {"file": name, "sha256": extra.sha256, "size": extra.size, "words": extra.words, "lost": name in lost}
        for name, extra in sorted(version.extras.items())
    }
    recordings = [{**each, "language": name.split("/")[1]} for name, each in told.items() if each["words"] is not None]
    return {"recordings": recordings, "lists": [each for name, each in told.items() if "/" not in name]}
