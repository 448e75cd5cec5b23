"""What the recogniser heard of every clip that ships, written down: to hear all takes minutes, and they seldom change.

    ./wutong prompts install --recogniser
    .venv/bin/python -P -m tests.voices.record        # clips that are new; all of them after a change of the recogniser

A clip is known by the digest of its file, and the recogniser by that of its lock and its program.
"""

import asyncio
import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

import typer

from base.folders import CHECKOUT
from sounds.model import Heard
from sounds.phrases import LANGUAGES
from sounds.shipped import ShippedClip, shipped, unpack
from tests.voices.judging import Judgement, Spoken, understood

FILE = Path(__file__).with_name("heard.json")


def recogniser_digest() -> str:
    """Changes with whatever could make the recogniser hear something else."""
    sources = [CHECKOUT / "locks" / "recogniser.txt", *sorted((CHECKOUT / "sounds" / "recogniser").glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def clips(folder: Path) -> list[tuple[ShippedClip, Spoken]]:
    """Every clip that ships, and where in `folder` it can be unpacked for the telephone."""
    return [
        (clip, Spoken(language, clip.words, folder / language / f"{clip.file.stem}.wav"))
        for language in LANGUAGES
        for clip in shipped(language).values()
    ]


async def heard(chosen: Sequence[tuple[ShippedClip, Spoken]]) -> Judgement:
    """Unpack these clips and listen to them. Raises `CompanionFailed`."""
    await unpack([(clip, spoken.path) for clip, spoken in chosen])
    return await understood([spoken for _, spoken in chosen])


def read() -> tuple[str, Mapping[str, Heard]]:
    """The recogniser's digest, and what was heard, by the digests of the clips."""
    written = json.loads(FILE.read_text(encoding="utf-8"))
    listed = {digest: Heard(of[0], of[1], of[2], tuple(of[3])) for digest, of in written["heard"].items()}
    return str(written["recogniser"]), listed


async def _write() -> None:
    recogniser, known = read() if FILE.exists() else ("", {})
    if recogniser != recogniser_digest():
        known = {}
    with tempfile.TemporaryDirectory(prefix="wutong-heard-") as folder:
        every = clips(Path(folder))
        new = [(clip, spoken) for clip, spoken in every if clip.sha256 not in known]
        digests = {spoken: clip.sha256 for clip, spoken in new}
        found = {digests[spoken]: of for spoken, of in (await heard(new)).heard} if new else {}
    listed = {clip.sha256: (found.get(clip.sha256) or known[clip.sha256]) for clip, _ in every}
    lines = ",\n".join(
        f'"{digest}": {json.dumps(astuple(of), ensure_ascii=False)}' for digest, of in sorted(listed.items())
    )
    text = f'{{"recogniser": "{recogniser_digest()}", "heard": {{\n{lines}\n}}}}\n'
    FILE.write_text(text, encoding="utf-8")
    typer.echo(f"{len(new)} clips heard, {len(listed)} written down")


if __name__ == "__main__":
    asyncio.run(_write())
