"""What maintainers make for the console, in the tests' environment.

    python -m tools.console types             # console/src/api: the HTTP interface, and the tables of names and looks
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
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from agents.states import FAR_BELOW, FAR_LATE, LOOKS, ORDER, TABLE, WHY, AgentState, Look
from base.folders import CHECKOUT, StateFolder
from calls.steps_in_words import PARTS, STEPS
from ivr.model import KINDS
from ivr.model import Look as KindLook
from lab.console import FOLDER
from reports.day import LOOKS as ACTIVITIES
from reports.day import Activity
from tests.console.browser import WHOLE, chromium
from tests.console.shot import LANGUAGES, THEMES, take
from tests.console.shots import SHOTS
from tests.unit.service.world import World

API = FOLDER / "src" / "api"
GENERATOR = FOLDER / "node_modules" / ".bin" / "openapi-typescript"

PICTURES = CHECKOUT / "docs" / "console"
PAGES = (
    *("account", "agents", "audit", "callbacks", "calls", "day", "desk", "emergency", "health"),
    *("hotline", "messages", "missed", "people", "prompts", "reports", "selftest", "surveys", "tree", "wall"),
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
    async with chromium("--use-fake-device-for-media-stream", program=WHOLE) as browser:
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
        described.write_text(
            json.dumps(_without_errors(World(folder=StateFolder(Path(folder, "state"))).app().openapi()))
        )
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


def tables() -> str:
    """TypeScript of the tables by which people see destinations and agents."""
    states = {state: _state(state, look) for state, look in LOOKS.items()}
    why = {name: {"zh": zh, "en": en} for name, (zh, en) in WHY.items()}
    far = {"late": FAR_LATE, "below": FAR_BELOW}
    kinds = {key: _kind(kind.look, kind.section) for key, kind in KINDS.items()}
    steps, parts = ({name: {"zh": zh, "en": en} for name, (zh, en) in table.items()} for table in (STEPS, PARTS))
    activities = {kind: _activity(kind, look) for kind, look in ACTIVITIES.items()}
    made = {"KINDS": kinds, "STATES": states, "WHY": why, "ORDER": ORDER, "FAR": far, "STEPS": steps, "PARTS": parts}
    made["ACTIVITIES"] = activities
    lines = (
        f"export const {name} = {json.dumps(table, ensure_ascii=False, indent=2)} as const;"
        for name, table in made.items()
    )
    return "\n\n".join(
        (
            "/** Made by `python -m tools.console types`: what ivr/model, agents/states and others say. */",
            *lines,
            "",
        )
    )


def _kind(look: KindLook, section: str) -> dict[str, Any]:
    return {"word": {"zh": look.zh, "en": look.en}, "section": section or None, "drawn": look.drawn or None}


def _state(name: str, look: Look) -> dict[str, Any]:
    traits = TABLE.get(AgentState(name)) if name in TABLE else None
    asked = None if traits is None or traits.request is None else dict(zip(("zh", "en"), traits.request, strict=True))
    return {
        "word": {"zh": look.zh, "en": look.en},
        "path": look.path,
        "colour": f"var(--{name})",
        "request": asked,
        "signedIn": traits is None or traits.signed_in,
        "working": traits is not None and traits.working,
        "busy": traits is not None and traits.busy,
        "long": None if traits is None else traits.long,
    }


def _activity(kind: Activity, look: Look) -> dict[str, Any]:
    return {"word": {"zh": look.zh, "en": look.en}, "path": look.path, "colour": f"var(--{_COLOUR.get(kind, kind)})"}


_COLOUR = {Activity.TALK: AgentState.ON_CALL}
"""An activity that has the colour of a state with another name."""


def colours() -> str:
    """The style sheet with the colours of agents' states and activities."""
    looks = LOOKS | {kind: look for kind, look in ACTIVITIES.items() if kind not in _COLOUR}
    lines = (f"  --{name}: light-dark({look.light}, {look.dark});\n" for name, look in looks.items())
    made = "/* Made by `python -m tools.console types`, from agents/states and reports/day. */"
    return f"{made}\n\n:root {{\n{''.join(lines)}}}\n"


MADE: Mapping[str, Callable[[], str]] = {"schema.ts": types, "tables.ts": tables, "colours.css": colours}
"""What `types` makes in `console/src/api`."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["types", "pictures"])
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args()
    if given.what == "types":
        for name, text in MADE.items():
            (API / name).write_text(text(), encoding="utf-8")
    else:
        asyncio.run(pictures(given.folder))


if __name__ == "__main__":
    main()
