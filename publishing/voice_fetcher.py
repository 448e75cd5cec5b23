"""The program that `publishing.fetching` starts. It may be root's, so it reads nothing but a word and then the end."""

import asyncio
import os
import sys

from publishing.speech import voice
from sounds.environment import CompanionFailed, Environment

GENTLY = 10
"""How much the callers' audio goes before it."""


async def fetch(environment: Environment, words: asyncio.StreamReader) -> int:
    """Wait for a word, then make the environment; the exit status. Nothing is done or left if `words` ends before."""
    if not await words.readline():
        return 0
    making, gone = asyncio.create_task(environment.make(_say)), asyncio.create_task(words.read())
    await asyncio.wait((making, gone), return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    if not making.done():
        making.cancel()
        await asyncio.wait((making,))
        return 1
    try:
        making.result()
    except CompanionFailed as why:
        _say(str(why))
        return 1
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _main() -> int:
    words = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(words)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    return await fetch(voice(), words)


if __name__ == "__main__":
    os.umask(0o022)  # the service reads what root has installed
    os.nice(GENTLY)
    sys.exit(asyncio.run(_main()))
