"""The product's own sources, for tests that read them. No package can be forgotten: pyproject.toml names them."""

import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]

PACKAGES = tuple(
    package
    for package in tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "root_packages"
    ]
    if package != "lab"
)

SOURCES = tuple(sorted(file for package in PACKAGES for file in (CHECKOUT / package).rglob("*.py")))
