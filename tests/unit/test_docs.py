"""The documentation says what is so: links resolve, commands exist, tables follow the code."""

import json
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import lab.__main__  # noqa: F401 - its commands are ./wutong's too
from service.cli.commands import app
from settings.sections import DailySheet, EmergencySettings, Grant, OpenId, Reports, Trunk
from settings.settings import Keep, RecordingSettings, RemoteAsterisk, Settings, Voices
from tools import architecture, reports, ways
from tools import commands as listed

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\./wutong\s+([a-z][a-z-]*)((?:\s+[^`\n#|]*)?)")


def slug(heading: str) -> str:
    """The anchor of a heading, as the usual renderers make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = page if not name else (page.parent / name)
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_section_is_there_twice(page: Path) -> None:
    """As after a merge."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    way: list[str] = []
    found = []
    for marks, heading in re.findall(r"^(#+) (.*)$", text, re.MULTILINE):
        way[len(marks) - 1 :] = [heading]
        found.append(" / ".join(way))
    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_exist(page: Path) -> None:
    commands = typer.main.get_group(app).commands
    for name, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
        assert name in commands, f"{page.name}: ./wutong {name}"
        if name == "test":
            continue  # what follows goes to pytest
        command = commands[name]
        if isinstance(command, typer.core.TyperGroup):
            if not rest.strip():
                continue  # all of its commands
            inner = rest.split()[0]
            assert inner in command.commands, f"{page.name}: ./wutong {name} {inner}"
            command = command.commands[inner]
        known = {option for parameter in command.params for option in parameter.opts}
        for option in re.findall(r"--[a-z-]+[a-z]", rest):
            assert option in known, f"{page.name}: ./wutong {name} {option}"


def test_the_page_of_commands_is_made_from_them() -> None:
    assert listed.FILE.read_text(encoding="utf-8") == listed.page(), "python -m tools.commands writes it"


def test_the_packages_are_drawn_from_the_imports() -> None:
    text = architecture.FILE.read_text(encoding="utf-8")
    assert architecture.page(text) == text, "python -m tools.architecture writes it"
    assert len(text.splitlines()) <= 250


@pytest.mark.parametrize("language", reports.FILES)
def test_the_figures_are_defined_by_their_docstrings(language: str) -> None:
    text = reports.FILES[language].read_text(encoding="utf-8")
    assert reports.page(text, language) == text, "python -m tools.reports writes it"


def test_the_ways_are_drawn_from_a_run() -> None:
    """Issue 27: short, and no way comes back to a module that it has left."""
    text = ways.FILE.read_text(encoding="utf-8")
    state, key = ways.ways()
    assert ways.page(text, state, key) == text, "python -m tools.ways writes it"
    assert len(ways.files(state)) <= 12
    assert len(ways.files(key)) <= 9
    assert ways.returns(state) == ways.returns(key) == []


def default(value: object) -> str:
    """A default as the page writes it."""
    if value is PydanticUndefined:
        return "see architecture.md"
    if isinstance(value, BaseModel):
        return "see below"
    if value in (None, "", ()):
        return "left out"
    if isinstance(value, Path) and value.is_relative_to(CHECKOUT):
        return f"`{value.relative_to(CHECKOUT)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def rows(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The lines of a settings table, as the code says them."""
    for name, field in model.model_fields.items():
        shown = field.alias or name
        given = "must be given" if field.is_required() else default(field.default)
        yield f"| `{shown}` | `{prefix}{shown.upper()}` | {given} | {field.description} |"


@pytest.mark.parametrize(
    ("model", "prefix"),
    [
        (Settings, "WUTONG_"),
        (RemoteAsterisk, "WUTONG_ASTERISK__"),
        (Trunk, "WUTONG_TRUNK__"),
        (Keep, "WUTONG_KEEP__"),
        (RecordingSettings, "WUTONG_RECORDINGS__"),
        (Reports, "WUTONG_REPORTS__"),
        (DailySheet, "WUTONG_DAILY_SHEET__"),
        (EmergencySettings, "WUTONG_EMERGENCY__"),
        (Voices, "WUTONG_VOICES__"),
        (OpenId, "WUTONG_OPENID__"),
    ],
    ids=[
        "settings",
        "asterisk",
        "trunk",
        "keep",
        "recordings",
        "reports",
        "daily-sheet",
        "emergency",
        "voices",
        "openid",
    ],
)
def test_the_settings_page_follows_the_code(model: type[BaseModel], prefix: str) -> None:
    table = "\n".join(rows(model, prefix))
    assert table in (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8"), f"put this there:\n{table}"


def test_every_setting_says_what_it_does() -> None:
    for model in (
        *(Settings, RemoteAsterisk, Trunk, Keep, RecordingSettings, Reports, DailySheet, EmergencySettings),
        *(Voices, OpenId, Grant),
    ):
        for name, field in model.model_fields.items():
            assert field.description, name
            assert field.description.endswith("."), name


def test_the_dependency_page_follows_the_console() -> None:
    package = json.loads((CHECKOUT / "console" / "package.json").read_text(encoding="utf-8"))
    page = (CHECKOUT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = page.split("\n## The console\n")[1].split("\n## ")[0]
    names = [*package["dependencies"], *package["devDependencies"]]
    rows = re.findall(r"^\| ([a-z@][a-z0-9/*, @-]+) \|", section.replace("| package |", "|  |"), re.MULTILINE)
    listed = [pattern for row in rows for pattern in row.split(", ")]  # @codemirror/* is a family
    found = [next((pattern for pattern in listed if fnmatch(name, pattern)), name) for name in names]
    assert list(dict.fromkeys(found)) == listed


def test_the_dependency_page_follows_pyproject() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[\[>=<]", line)[0] for line in listed]
    page = (CHECKOUT / "docs" / "dependencies.md").read_text(encoding="utf-8").split("## Programs")[0]
    assert re.findall(r"^\| ([a-z][a-z0-9.-]+) \|", page.replace("| package |", "|  |"), re.MULTILINE) == names
