"""The program that makes one drawing of the hotline in use: `drawing.drawings` starts it, and ends it when its
client goes or it takes too long.

It reads what to draw from its standard input, as the service pickled it, and writes an `OutlineOut` with the drawing.
It is a program of its own because a thread that draws would share the interpreter with the calls.
"""

import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from accounts.model import Reach
from base import own_program
from drawing.listing import OutlineOut
from drawing.making import graph_of
from drawing.model import Graph
from drawing.svg import svg
from drawing.traffic import Traffic, with_traffic
from hotline.model import Hotline
from ivr.model import NodeId

MEMORY = 1024**3
"""Bytes of address space."""


class Wanted(NamedTuple):
    """What is to be drawn. `moment`: for what is open; `counted`: the traffic, None: without; `reach`: its readers'."""

    hotline: Hotline
    language: str
    moment: datetime
    counted: Traffic | None
    reach: Reach


def drawn(wanted: Wanted) -> OutlineOut:
    """The drawing, and what it shows as a list."""

    def seen(node_id: NodeId) -> bool:
        section, name = node_id
        reach = wanted.reach
        return reach.whole or name in (reach.queues if section == "queues" else reach.departments)

    graph = _without_details(graph_of(wanted.hotline, wanted.language, moment=wanted.moment), seen)
    graph = graph if wanted.counted is None else with_traffic(graph, wanted.counted, seen)
    return OutlineOut.of(graph, svg(graph))


def _without_details(graph: Graph, seen: Callable[[NodeId], bool]) -> Graph:
    """Names and ways are what every caller hears. Internal numbers and skills are for those who may see the queue."""
    nodes = {
        node_id: node if node_id[0] not in ("queues", "sub_hotlines") or seen(node_id) else replace(node, details=())
        for node_id, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)


def main() -> None:
    """Raises `NotOurProgram`: it limits the process."""
    own_program.confine("drawing.maker", MEMORY)
    wanted = pickle.load(sys.stdin.buffer)  # noqa: S301 - the service wrote it
    sys.stdout.buffer.write(drawn(Wanted(*wanted)).model_dump_json().encode())


if __name__ == "__main__":
    main()
