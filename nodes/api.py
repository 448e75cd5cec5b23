"""The machines of this hotline over HTTP: `/nodes`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from nodes.machines import Alive, Machines, Unknown, Unreachable
from nodes.model import Part, Seen
from web.fields import Time


class MachineOut(BaseModel):
    """One of several machines that are one hotline."""

    id: str = Field(description="Of its state folder; chosen by chance.")
    name: str = Field(description="The setting `node`.", examples=["north"])
    part: Part = Field(description="`leads`, `stands-by`, or `away`: no sign of life for 10 s.")
    since: Time = Field(description="When its service started.")
    seen: Time = Field(description="Its last sign of life.")
    epoch: int | None = Field(description="Of its leadership; null: it does not lead.")
    version: str = Field(description="Of Wutong.", examples=["0.1.0"])
    address: str = Field(description="The setting `node_address`; empty: none.", examples=["192.0.2.11:5070"])
    backs: bool | None = Field(
        description="Whether it lets this leader lead on without PostgreSQL; null: it is the leader, or no address is "
        "set."
    )


def machine_out(seen: Seen, *, backs: bool | None) -> MachineOut:
    """A machine as HTTP shows it."""
    return MachineOut.model_validate({**asdict(seen), "backs": backs})  # pydantic reads seconds since the epoch


def router(machines: Machines) -> APIRouter:
    """`GET /nodes`, `DELETE /nodes/{name}`."""
    routes = APIRouter(prefix="/nodes", tags=["administration"])
    unavailable: dict[int | str, dict[str, Any]] = {503: {"description": "The database cannot be asked."}}
    refusals: dict[int | str, dict[str, Any]] = {
        404: {"description": "There is no machine of that name."},
        409: {"description": "It leads, or it lives."},
        **unavailable,
    }

    @routes.get("", summary="All machines", responses=unavailable)
    async def list_nodes() -> list[MachineOut]:
        """By name. Empty if this is the only machine."""
        with _answering():
            back = machines.back()
            return [machine_out(seen, backs=back.get(seen.id)) for seen in await machines.all()]

    @routes.delete("/{name}", status_code=204, summary="Forget a machine that is away for good", responses=refusals)
    async def remove_node(name: str) -> None:
        """A machine that comes back is there again."""
        with _answering():
            await machines.remove(name)

    return routes


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except Unknown as error:
        raise HTTPException(404, error.args[0]) from error
    except Alive as error:
        raise HTTPException(409, error.args[0]) from error
    except Unreachable as error:
        raise HTTPException(503, error.args[0]) from error
