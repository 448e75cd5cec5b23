"""Pages of a card as PDF, with the characters that they use of one font inside, so that any printer has them."""

from collections.abc import Sequence
from pathlib import Path

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
