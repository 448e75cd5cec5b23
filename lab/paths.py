"""A journal of many callers' ways through the sample's menus, and how long a replay of it takes.

python -m lab.paths [CALLERS]      # 100,000 callers of seven days; a new SQLite database that is removed again
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from base.folders import SAMPLE_HOTLINE
from commands.journal import DAY
from hotline.inwords import walked, words
from hotline.loader import load
from hotline.model import Hotline
from ivr.walk import KEYS, PASSED, SILENCE, Facts
from journal import database, store
from journal.records import Kind, Record
from publishing.comparing import read
from publishing.replay import replay

BATCH = 20_000


def journal(hotline: Hotline, callers: int, seed: int, until: float, days: int = 7) -> Iterator[Record]:
    """The Records of callers who press keys by chance, mostly such as lead somewhere. Calls do not overlap."""
    chance = random.Random(seed)
    for number in range(callers):
        at = until - days * DAY + number * days * DAY / callers
        yield from _call(hotline, f"call-{number}", at, chance)


def _call(hotline: Hotline, call: str, at: float, chance: random.Random) -> Iterator[Record]:
    caller = f"138{chance.randrange(10**8):08}"
    facts = Facts(datetime.fromtimestamp(at, hotline.zone), caller, hotline.numbers[0])
    language = hotline.languages[0]
    did: list[str] = []
    for _ in range(chance.choice((0, 1, 2, 2, 3, 4))):
        section, name = walked(hotline, facts, did).end
        if section not in ("menus", *PASSED):
            break
        likely = list(hotline.menus[name].keys) * 4 if section == "menus" else ["1", "#", SILENCE] * 4
        did.append(chance.choice([*likely, SILENCE, *KEYS]))
    walk = walked(hotline, facts, did)
    yield Record(at, Kind.CALL_STARTED, call, data={"caller": caller, "number": facts.number, "language": language})
    for kind, data in walk.notes:
        yield Record(at, Kind(kind), call, data=data)
    for turn in walk.turns:
        if turn.speech:
            yield Record(at, Kind.SAID, call, data={"text": words(hotline, turn), "language": turn.language})
    section, name = walk.end
    if section == "queues":
        yield Record(at, Kind.QUEUED, call, name, data={"language": walk.language})
    elif section == "sub_hotlines":
        yield Record(at, Kind.SUB_HOTLINE_DIALLED, call, data={"sub_hotline": name})
    by = "system" if section == "goodbye" else "caller"
    yield Record(at, Kind.CALL_FINISHED, call, data={"by": by})


async def timed(callers: int, folder: Path, draft: Hotline) -> str:
    """Make the journal; how long it takes to read it and to replay it, in words."""
    engine = database.open(folder / "paths.db")
    until = time.time()
    try:
        await database.migrate(engine)
        records, first = journal(draft, callers, 1, until), 1
        while batch := list(islice(records, BATCH)):
            async with engine.begin() as connection:
                await store.append(connection, first, batch)
            first += len(batch)
        began, busy = time.perf_counter(), time.process_time()
        async with engine.connect() as connection:
            past = await read(connection, until - 7 * DAY - 1)
        half = time.perf_counter()
        found = replay(draft, past.recorded)
        over, busy = time.perf_counter(), time.process_time() - busy
    finally:
        await engine.dispose()
    return (
        f"{callers:,} callers, {first - 1:,} Records: read in {half - began:.1f} s, {found.paths:,} distinct paths "
        f"walked in {over - half:.1f} s, {busy:.1f} s of processor time in all, {found.elsewhere:,} callers elsewhere"
    )


def main() -> None:
    """The program."""
    hotline = load(SAMPLE_HOTLINE).hotline
    assert hotline is not None
    with tempfile.TemporaryDirectory(prefix="wutong-paths-") as folder:
        callers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
        sys.stdout.write(asyncio.run(timed(callers, Path(folder), hotline)) + "\n")


if __name__ == "__main__":
    main()
