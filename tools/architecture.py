"""Draws the packages in docs/architecture.md from the imports: `python -m tools.architecture`.

What stands between the two marks there is made here. A test compares.
"""

import ast
import tomllib
from collections.abc import Mapping
from pathlib import Path

import grimp

CHECKOUT = Path(__file__).resolve().parents[1]
FILE = CHECKOUT / "docs" / "architecture.md"
BEGIN = "<!-- Made by `python -m tools.architecture`. -->"
END = "<!-- End of what is made. -->"
PROJECT = CHECKOUT / "pyproject.toml"


def page(text: str) -> str:
    """The document with its drawing and its table made anew."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{_section()}\n{END}{after}"


def _section() -> str:
    packages = _in_layers()
    imports = _imports(packages)
    arrows = [f"    {package} --> {' & '.join(_direct(package, imports))}" for package in packages if imports[package]]
    rows = [f"| `{package}/` | {_owns(package)} |" for package in packages]
    return "\n".join(
        (
            "```mermaid",
            "flowchart TD",
            *arrows,
            "```",
            "",
            "Each package may import those below it. An arrow that follows from others is left out.",
            "",
            "| folder | owns |",
            "| --- | --- |",
            *rows,
            "",
        )
    )


def _in_layers() -> list[str]:
    """The packages as pyproject.toml orders them, the highest first; `lab` is none of the product."""
    contracts = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each["name"] == "packages are in layers")
    return [package.strip() for layer in layers for package in layer.split("|") if package.strip() != "lab"]


def _imports(packages: list[str]) -> Mapping[str, set[str]]:
    """Package → the packages that its modules import."""
    graph = grimp.build_graph(*packages)
    found: dict[str, set[str]] = {package: set() for package in packages}
    for module in graph.modules:
        package = module.split(".")[0]
        found[package] |= {imported.split(".")[0] for imported in graph.find_modules_directly_imported_by(module)}
    below = {package: set(packages[index + 1 :]) for index, package in enumerate(packages)}  # a cycle is not drawn
    return {package: imported & below[package] for package, imported in found.items()}


def _direct(package: str, imports: Mapping[str, set[str]]) -> list[str]:
    """What it imports and does not get by way of another package, by name."""
    through = {far for near in imports[package] for far in _reached(near, imports)}
    return sorted(imports[package] - through)


def _reached(package: str, imports: Mapping[str, set[str]]) -> set[str]:
    """All that it imports, by any way."""
    return imports[package].union(*(_reached(near, imports) for near in imports[package]))


def _owns(package: str) -> str:
    """What its first line says."""
    module = ast.parse((CHECKOUT / package / "__init__.py").read_text(encoding="utf-8"))
    words = (ast.get_docstring(module) or "").partition("\n\n")[0]
    return " ".join(words.split())


if __name__ == "__main__":
    FILE.write_text(page(FILE.read_text(encoding="utf-8")), encoding="utf-8")
