"""What maintainers make for the console, in the tests' environment.

    python -m tools.console types             # console/src/api/schema.ts, after a change of the HTTP interface
    python -m tools.console pictures          # the pictures of docs/console.md
    python -m tools.console pictures FOLDER   # every page in both languages, light and dark

Pictures need Chinese fonts: on Debian fonts-noto-cjk.
"""

import argparse
import asyncio
import json
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from PIL import Image

from base.places import CHECKOUT
from lab.console import FOLDER
from tests.console.browser import chromium
from tests.console.shot import LANGUAGES, THEMES, take
from tests.console.shots import SHOTS
from tests.unit.service.world import World

TYPES = FOLDER / "src" / "api" / "schema.ts"
GENERATOR = FOLDER / "node_modules" / ".bin" / "openapi-typescript"

PICTURES = CHECKOUT / "docs" / "console"
PAGES = (
    *("account", "agents", "audit", "calls", "desk", "emergency"),
    *("health", "hotline", "people", "prompts", "tree", "wall"),
)
SHOWN = (
    *(f"{page}-zh-light" for page in PAGES),
    *(f"{page}-en-dark" for page in PAGES),
    "sign-in-zh-light",
    "wall-callers-zh-light",
    "wall-big-zh-dark",
    "calls-story-zh-light",
    "desk-call-zh-light",
    "desk-sound-zh-light",
    "prompts-record-zh-light",
    "tree-slip-en-dark",
)
"""Those of docs/console.md: every page in both languages and both appearances, and what happens in some."""

COLOURS = 192
"""In a picture of docs/console.md: as the eye sees it, with a third of the bytes."""


async def pictures(folder: Path | None) -> None:
    """All into `folder`; None: those of docs/console.md, where they are."""
    target = PICTURES if folder is None else folder
    target.mkdir(parents=True, exist_ok=True)
    async with chromium("--use-fake-device-for-media-stream") as browser:
        for shot in SHOTS:
            for language in LANGUAGES:
                for theme in THEMES:
                    if folder is not None or f"{shot.name}-{language}-{theme}" in SHOWN:
                        file = await take(browser, shot, language, theme, target, small=folder is None)
                        if folder is None:
                            _shrink(file)
                        print(file)


def _shrink(file: Path) -> None:
    """Grounds keep their colours, as they are frequent. Of the others, those far from each other are chosen, as
    the usual way drops the colours of small marks.
    """
    with Image.open(file) as opened:
        picture = opened.convert("RGB")
    counted = Counter(picture.get_flattened_data()).most_common(COLOURS // 4)
    frequent = [part for colour, _ in counted if isinstance(colour, tuple) for part in colour]
    more = COLOURS - len(counted)
    others = picture.quantize(more, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(frequent + others[: 3 * more])
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)


def types() -> str:
    """TypeScript of the HTTP interface's description: what can be asked, and what is answered when it is done."""
    with tempfile.TemporaryDirectory() as folder:
        described, generated = Path(folder) / "openapi.json", Path(folder) / "schema.ts"
        described.write_text(json.dumps(_without_errors(World().app().openapi())))
        options = ("--root-types", "--root-types-no-schema-prefix", "--immutable", "--output", str(generated))
        subprocess.run((str(GENERATOR), str(described), *options), cwd=FOLDER, check=True, capture_output=True)
        return generated.read_text()


def _without_errors(document: dict[str, Any]) -> dict[str, Any]:
    """Every error is a `Problem`; said for each route, that is two thirds of the types."""
    for operations in document["paths"].values():
        for operation in operations.values():
            answers = operation["responses"].items()
            operation["responses"] = {status: answer for status, answer in answers if status < "400"}
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["types", "pictures"])
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args()
    if given.what == "types":
        TYPES.write_text(types())
    else:
        asyncio.run(pictures(given.folder))


if __name__ == "__main__":
    main()
