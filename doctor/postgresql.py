"""What `doctor` says of PostgreSQL: whether it answers, how far its standbys are behind, and whose clock is wrong."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from base.failure import NotDone
from dialplan.findings import Finding
from journal import database
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, listed, template
from settings.settings import Settings

ANSWER_S = 3.0
"""Seconds in which it has to take a connection, and to answer."""

BEHIND_S = 10.0
"""Seconds that a standby may be behind before somebody should know."""

CLOCK_S = 1.0
"""Seconds that this machine's clock may differ from PostgreSQL's."""

AHEAD = template("this machine's clock is {seconds} s ahead of PostgreSQL's. {remedy}")
BEHIND = template("this machine's clock is {seconds} s behind PostgreSQL's. {remedy}")

_ABOUT = """
SELECT current_setting('server_version') AS version, quote_ident(current_user) AS role,
date_part('epoch', clock_timestamp()) AS clock
"""
_STANDBYS = """
SELECT COALESCE(NULLIF(application_name, ''), client_addr::text, '?') AS name, state,
COALESCE(date_part('epoch', replay_lag), 0) AS behind_s FROM pg_stat_replication ORDER BY 1
"""
"""A role without pg_monitor gets the rows, without a `state`."""


def postgresql(settings: Settings) -> Iterator[Finding]:
    """Nothing if the database is SQLite's file."""
    if settings.database_url is None or database.file_of(url := settings.database_url.get_secret_value()) is not None:
        return
    what = "PostgreSQL"
    try:
        about, ahead_s, standbys = asyncio.run(_ask(url))
    except NotDone as error:
        yield Finding("wrong", what, recognised(error))
        return
    yield from (Finding("odd", what, why) for why in _of_clock(ahead_s))
    yield from (Finding("odd", what, why) for why in _of_standbys(standbys, about["role"]))
    names = listed(standby["name"] for standby in standbys) or Sentence("none")
    yield Finding(
        "right", what, Sentence("{version} answers; standbys: {names}", version=about["version"], names=names)
    )


def _of_clock(ahead_s: float) -> Iterator[Sentence]:
    if abs(ahead_s) <= CLOCK_S:
        return
    remedy = Sentence(
        "Run an NTP client such as chrony on all machines; with a wrong clock waits and positions are wrong"
    )
    yield Sentence(AHEAD if ahead_s > 0 else BEHIND, seconds=round(abs(ahead_s), 1), remedy=remedy)


def _of_standbys(standbys: list[Any], role: str) -> Iterator[Sentence]:
    if any(standby["state"] is None for standby in standbys):
        yield Sentence(
            "it does not tell how far its standbys are behind. As its superuser: GRANT pg_monitor TO {role}", role=role
        )
        return
    for standby in standbys:
        name, seconds = standby["name"], round(standby["behind_s"])
        if standby["state"] != "streaming":
            yield Sentence("its standby {name} catches up: {state}", name=name, state=standby["state"])
        elif standby["behind_s"] > BEHIND_S:
            yield Sentence(
                "its standby {name} is {seconds} s behind: that much is lost if it has to take over",
                name=name,
                seconds=seconds,
            )


async def _ask(url: str) -> tuple[Any, float, list[Any]]:
    """About it, by how many seconds our clock is ahead of its, and a row for each standby. Raises NotDone."""
    from asyncpg import InterfaceError, PostgresError

    try:
        connection = await database.direct(url, seconds=ANSWER_S, settings={"application_name": "wutong-doctor"})
        try:
            before = time.time()
            about = await connection.fetchrow(_ABOUT)
            ahead_s = (before + time.time()) / 2 - about["clock"]
            return about, ahead_s, await connection.fetch(_STANDBYS)
        finally:
            await connection.close(timeout=ANSWER_S)
    except (OSError, TimeoutError, PostgresError, InterfaceError) as error:
        raise NotDone(Sentence("it cannot be asked: {why}", why=recognised(error))) from error
