"""Calls under attack, as the bench makes them, small. Its figures are nobody's business here."""

import asyncio
import json
import os
import sys

import pytest

from base.folders import CHECKOUT

pytestmark = pytest.mark.usefixtures("sounds")
"""No voice has to speak."""

ATTACKS = ("half-sent sign-ins", "pictures by one account")


async def test_under_attack_every_call_rings() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "lab.bench.attacked", "--quick", "--json"),
        *(word for attack in ATTACKS for word in ("--attack", attack)),
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    rows = json.loads(output)["rows"]
    assert [row["attack"] for row in rows] == ["quiet", *ATTACKS]
    for row in rows:
        assert (row["refused"], row["answer"]["count"], row["ring"]["count"]) == ({}, 10, 10)
        assert row["ring"]["p50"] > 0
    assert rows[1]["sent"].endswith(" 225 at a time")
    assert " connections, " in rows[2]["sent"]
