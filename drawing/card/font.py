"""The characters of a card out of a font file, as a small TrueType font that goes into a PDF.

The fonts of Debian's fonts-noto-cjk have 65,000 glyphs in cubic curves, several faces in one file. PDF programs embed
quadratic ones best, and a card needs some hundred of them.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

FAMILY = "Noto Sans CJK SC"
_ERROR = 1.0
"""How far a curve may be from the original, in thousandths of the font's size."""


class NoFont(Exception):
    """The file has no such face, or lacks characters. The message names them."""


def taken(file: Path, texts: Iterable[str]) -> bytes:
    """The font (`.ttf`) with the characters of these texts. Raises NoFont, OSError."""
    wanted = {ord(character) for text in texts for character in text} | {ord(" ")}
    with TTFont(file, fontNumber=_face(file), lazy=True) as font:
        missing = sorted(wanted - set(font.getBestCmap()))
        if missing:
            raise NoFont(f"{file.name} has no {', '.join(chr(code) for code in missing[:10])}")
        subsetter = subset.Subsetter(_options())
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        if "CFF " in font:
            _to_true_type(font)
        made = BytesIO()
        font.save(made)
        return made.getvalue()


def _face(file: Path) -> int:
    """The number of the face in the file; -1: it has only one."""
    if file.suffix.lower() not in (".ttc", ".otc"):
        return -1
    with TTCollection(file, lazy=True) as collection:
        for number, face in enumerate(collection.fonts):
            if FAMILY in (face["name"].getDebugName(1), face["name"].getDebugName(16)):
                return number
    raise NoFont(f"{file} has no face {FAMILY}")


def _options() -> subset.Options:
    """Outlines and widths; no kerning, no vertical writing, no hints."""
    options = subset.Options(layout_features=[], name_IDs=[1, 2, 4, 6], notdef_outline=True, desubroutinize=True)
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE", "GSUB", "GPOS", "GDEF", "DSIG"]
    return options


def _to_true_type(font: TTFont) -> None:
    """Cubic outlines become quadratic ones."""
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, _ERROR * font["head"].unitsPerEm / 1000, reverse_direction=True))
        drawn[name] = pen.glyph()
    outlines = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, drawn
    font["loca"], font["glyf"] = newTable("loca"), outlines
    for name, glyph in drawn.items():
        glyph.recalcBounds(outlines)
        font["hmtx"][name] = font["hmtx"][name][0], getattr(glyph, "xMin", 0)
    limits = font["maxp"] = newTable("maxp")
    limits.tableVersion, limits.numGlyphs = 0x00010000, len(order)
    limits.maxZones, limits.maxTwilightPoints, limits.maxStorage = 1, 0, 0
    limits.maxFunctionDefs = limits.maxInstructionDefs = limits.maxStackElements = 0
    limits.maxSizeOfInstructions, limits.maxComponentElements = 0, 0
    names = font["post"]
    names.formatType, names.extraNames, names.mapping, names.glyphOrder = 2.0, [], {}, order
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"
