"""The machines of this hotline, from the table in which each gives a sign of life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from base.failure import NotDone
from journal.writer import UNAVAILABLE
from nodes.leadership import Leadership, now
from nodes.model import Part, Seen, part_of
from nodes.permit import VALID_S
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
    """`engine`: PostgreSQL. `leadership`: of this machine, which leads; None: it is the only one."""

    engine: AsyncEngine
    leadership: Leadership | None

    async def all(self) -> Sequence[Seen]:
        """By name; none if this is the only machine. Raises Unreachable."""
        if self.leadership is None:
            return []
        try:
            async with self.engine.connect() as connection:
                return [_seen(row) for row in await connection.execute(_all())]
        except UNAVAILABLE as error:
            raise _unreachable(error) from error

    def back(self) -> Mapping[str, bool]:
        """Which of the other machines back this leader now, by id; none if it has no address."""
        if self.leadership is None or not self.leadership.node.address:
            return {}
        since = now() - VALID_S
        return {other.id: other.backed > since for other in self.leadership.permit.others.machines.values()}

    async def remove(self, name: str) -> None:
        """Forget a machine that is away for good. If it comes back, it is there again. Raises Unknown, Alive,
        Unreachable.
        """
        if self.leadership is None:
            raise Unknown(Sentence("this is the only machine: the setting stand_by is off"))
        try:
            async with self.engine.begin() as connection:
                leads = select(leaders.c.holder).where(leaders.c.id == 1).with_for_update(read=True)
                if await connection.scalar(leads) != self.leadership.holder:
                    raise Alive(Sentence("another machine leads now: ask that one"))
                named = [_seen(row) for row in await connection.execute(_all().where(nodes.c.name == name))]
                if not named:
                    raise Unknown(Sentence("there is no machine {name}; ./wutong node list shows them", name=name))
                gone = [each.id for each in named if each.part is Part.AWAY and each.epoch is None]
                if not gone:
                    raise Alive(_why(named[0]))
                self.leadership.removes(gone)
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
    moment = func.date_part("epoch", func.clock_timestamp())
    joined = nodes.outerjoin(leaders, leaders.c.holder == nodes.c.holder)
    columns = (nodes.c.id, nodes.c.name, nodes.c.version, nodes.c.address, nodes.c.since, nodes.c.seen)
    silent = (moment - nodes.c.seen).label("silent_s")
    return select(*columns, leaders.c.epoch, silent).select_from(joined).order_by(nodes.c.name, nodes.c.id)


def _seen(row: "Row[*tuple[object, ...]]") -> Seen:
    found = dict(row._mapping)
    part = part_of(found.pop("silent_s"), leader=found["epoch"] is not None)
    return Seen(**found, part=part)
