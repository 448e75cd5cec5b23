"""Cuts the console's typeface out of a font file: Latin letters, figures of one width, weights 400 to 700.

    npm pack @fontsource-variable/inter@5.3.0 && tar xzf fontsource-variable-inter-5.3.0.tgz
    python -m tools.font package/files/inter-latin-wght-normal.woff2

It needs the Python package brotli beside fonttools.
"""

import argparse
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from lab.console import FOLDER

MADE = FOLDER / "src" / "fonts" / "inter.woff2"

WEIGHTS = (400, 700)
CHARACTERS = (*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "‐‑–—‘’“”•…‰‹›€−≈≠≤≥"))
FEATURES = ("kern", "tnum", "calt", "ccmp", "locl", "mark", "mkmk")
"""`tnum`: figures of one width."""


def cut(whole: Path, made: Path) -> None:
    """Both files are WOFF2."""
    lighter = instancer.instantiateVariableFont(TTFont(whole), {"wght": WEIGHTS})
    lighter.flavor = None
    plain = BytesIO()
    lighter.save(plain)
    plain.seek(0)
    font = TTFont(plain)
    options = subset.Options(layout_features=list(FEATURES), hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whole", type=Path)
    cut(parser.parse_args().whole, MADE)


if __name__ == "__main__":
    main()
