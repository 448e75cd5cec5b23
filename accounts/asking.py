"""Who asks, for the routes of all packages."""

from typing import Annotated

from fastapi import Depends, Request

from accounts.model import Asker


async def _asker(request: Request) -> Asker:  # a coroutine: FastAPI runs others in a thread
    asker: Asker = request.state.asker
    return asker


Asking = Annotated[Asker, Depends(_asker)]
"""The sender of the request, as the guard before all routes found out."""


def note_detail(request: Request, detail: str) -> None:
    """Add to the audit's entry of this request what it changed; never a secret."""
    request.state.audit_detail = detail
