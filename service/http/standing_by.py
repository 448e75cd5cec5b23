"""The HTTP interface of a machine that stands by: it says who leads, and nothing else."""

from collections.abc import Callable, Collection

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sentences.languages import said
from sentences.sentence import Sentence
from service.http.guards import Hosts, SecurityHeaders
from web import problems

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

METRICS = "# HELP wutong_leads 1: this machine leads.\n# TYPE wutong_leads gauge\nwutong_leads 0.0\n"


def app(words: Callable[[], str], host_names: Collection[str]) -> FastAPI:
    """`/healthz` says that the process lives, `/readyz` (503) and every other path say `words`, `/metrics` that this
    machine does not lead. `host_names`: as for `service.http.app`.
    """
    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(request: Request) -> Response:
        checks = {"leadership": said(words(), problems.asked_for(request.scope))}
        return problems.response(503, Sentence("Not ready. {why}.", why=words()), members={"checks": checks})

    async def metrics(request: Request) -> Response:
        return Response(METRICS, media_type="text/plain; version=0.0.4; charset=utf-8")

    async def other(request: Request) -> Response:
        why = Sentence("This machine {words}. Ask the one that leads.", words=words())
        return problems.response(503, why, {"Retry-After": "1"})

    for path, answer in (("/healthz", healthz), ("/readyz", readyz), ("/metrics", metrics)):
        made.add_route(path, answer, methods=["GET"])
    made.add_route("/{path:path}", other, methods=list(METHODS))
    made.add_middleware(Hosts, names=host_names)
    made.add_middleware(SecurityHeaders)
    return made
