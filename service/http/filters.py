"""A GET that names a filter which its route does not know is refused: its answer would hold more than was asked for.

So is one that names a filter twice.
"""

from fastapi import HTTPException, Request
from fastapi.routing import APIRoute

from hotline.hints import did_you_mean, one_of, shown


def known_only(request: Request) -> None:
    """For all routes of the API. Raises the 400."""
    route = request.scope["route"]
    if request.method != "GET" or not isinstance(route, APIRoute):
        return
    known = [parameter.alias for parameter in route.dependant.query_params]
    given = [name for name, _ in request.query_params.multi_items()]
    for name in request.query_params:
        if given.count(name) > 1:  # a reader of the audit could not tell which one counted
            raise HTTPException(400, f"The filter {shown(name)} is there {given.count(name)} times; send it once.")
        if name not in known:
            possible = f"known here: {one_of(known)}" if known else "this takes no filters"
            hint = did_you_mean(name, known, "")
            raise HTTPException(400, f"There is no filter {shown(name)}; {possible}{hint and f' — {hint}'}.")
