"""Pages of a card as PDF, with the characters that they use of one font inside, so that any printer has them."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable
from fpdf import FPDF

from drawing.card.page import INK, WHITE, Area, Code, Page, Shape, Words

_POINTS = 72 / 25.4


def pdf(pages: Sequence[Page], regular: Path, bold: Path) -> bytes:
    """The file. `regular`, `bold`: TrueType fonts (`.ttf`) that have all characters of the pages."""
    made = FPDF(unit="mm", format=(pages[0].width, pages[0].height))
    made.set_auto_page_break(False)
    made.set_margin(0)
    made.add_font("card", "", regular)
    made.add_font("card", "B", bold)
    made.set_title(pages[0].title)
    made.set_lang(pages[0].language)
    for page in pages:
        made.add_page(format=(page.width, page.height))
        for shape in page.shapes:
            _draw(made, shape)
    return bytes(made.output())


def _draw(made: FPDF, shape: Shape) -> None:
    match shape:
        case Words():
            made.set_font("card", "B" if shape.bold else "", shape.size * _POINTS)
            made.set_text_color(shape.colour)
            wide = made.get_string_width(shape.text)
            made.text(shape.x - {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor], shape.y, shape.text)
        case Area():
            made.set_fill_color(shape.fill)
            at = shape.x, shape.y, shape.width, shape.height
            made.rect(*at, style="F", round_corners=bool(shape.radius), corner_radius=shape.radius)
        case Code(x=x, y=y, size=size, rows=rows):
            made.set_fill_color(WHITE)
            made.rect(x, y, size, size, style="F")
            made.set_fill_color(INK)
            one = size / len(rows)
            for row, each in enumerate(rows):
                for column, dark in enumerate(each):
                    if dark:  # a hair wider, so that no white lines show between modules
                        made.rect(x + column * one, y + row * one, one + 0.01, one + 0.01, style="F")


# The characters of a card out of a font file, as a small TrueType font that goes into a PDF.
#
# The fonts of Debian's fonts-noto-cjk have 65,000 glyphs in cubic curves, several faces in one file. PDF programs
# embed quadratic ones best, and a card needs some hundred of them.


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
            raise NoFont(f"{file.name} has no {', '.join(map(_named, missing[:10]))}")
        subsetter = subset.Subsetter(_options())
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        if "CFF " in font:
            _to_true_type(font)
        made = BytesIO()
        font.save(made)
        return made.getvalue()


def _named(code: int) -> str:
    """A character and its code: many of those that fonts lack cannot be seen."""
    return f"{chr(code)} (U+{code:04X})" if chr(code).isprintable() else f"U+{code:04X}"


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
