"""The machines of this hotline, from the table in which each gives a sign of life."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from base.failure import NotDone
from journal.writer import UNAVAILABLE
from nodes.model import Part, Seen, part_of
from nodes.tables import leaders, nodes
from sentences.of_libraries import recognised
from sentences.sentence import Sentence


class Unknown(NotDone):
    """There is no machine of that name."""


class Alive(NotDone):
    """The machine leads, or lives."""


class Unreachable(NotDone):
    """The database cannot be asked."""


@dataclass(frozen=True)
class Machines:
    """`engine`: PostgreSQL. `several`: whether there may be more than one machine."""

    engine: AsyncEngine
    several: bool

    async def all(self) -> Sequence[Seen]:
        """By name; none if this is the only machine. Raises Unreachable."""
        if not self.several:
            return []
        try:
            async with self.engine.connect() as connection:
                return [_seen(row) for row in await connection.execute(_all())]
        except UNAVAILABLE as error:
            raise _unreachable(error) from error

    async def remove(self, name: str) -> None:
        """Forget a machine that is away for good. If it comes back, it is there again. Raises Unknown, Alive,
        Unreachable.
        """
        if not self.several:
            raise Unknown(Sentence("this is the only machine: the setting stand_by is off"))
        try:
            async with self.engine.begin() as connection:
                named = [_seen(row) for row in await connection.execute(_all().where(nodes.c.name == name))]
                if not named:
                    raise Unknown(Sentence("there is no machine {name}; ./wutong node list shows them", name=name))
                gone = [each.id for each in named if each.part is Part.AWAY and each.epoch is None]
                if not gone:
                    raise Alive(_why(named[0]))
                await connection.execute(delete(nodes).where(nodes.c.id.in_(gone)))
        except UNAVAILABLE as error:
            raise _unreachable(error) from error


def _why(machine: Seen) -> Sentence:
    if machine.epoch is not None:
        return Sentence("{name} leads; stop Wutong there, and remove it when another machine leads", name=machine.name)
    return Sentence("{name} lives; stop Wutong there first, and wait 10 s", name=machine.name)


def _unreachable(error: BaseException) -> Unreachable:
    return Unreachable(Sentence("the database cannot be asked: {why}", why=recognised(error)))


def _all() -> "Select[*tuple[object, ...]]":
    now = func.date_part("epoch", func.clock_timestamp())
    joined = nodes.outerjoin(leaders, leaders.c.holder == nodes.c.holder)
    columns = (nodes.c.id, nodes.c.name, nodes.c.version, nodes.c.since, nodes.c.seen, leaders.c.epoch)
    silent = (now - nodes.c.seen).label("silent_s")
    return select(*columns, silent).select_from(joined).order_by(nodes.c.name, nodes.c.id)


def _seen(row: "Row[*tuple[object, ...]]") -> Seen:
    found = dict(row._mapping)
    part = part_of(found.pop("silent_s"), leader=found["epoch"] is not None)
    return Seen(**found, part=part)
