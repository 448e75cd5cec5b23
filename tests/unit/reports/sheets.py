"""What a workbook has, read as ECMA-376 describes the file, and not by the library that has written it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Sheet:
    """`frozen`: rows and columns that stay in sight. `formats`: the number format of each cell that has one."""

    cells: dict[str, str | float]
    formats: dict[str, str]
    frozen: tuple[int, int]
    formulas: int

    @property
    def rows(self) -> list[list[str | float]]:
        """The cells that have something, by row."""
        found: dict[int, list[str | float]] = {}
        for place, value in self.cells.items():
            found.setdefault(int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), []).append(value)
        return [found[number] for number in sorted(found)]

    def column(self, head: str) -> str:
        """The letters of the column with that head."""
        return next(
            place[:-1] for place, value in self.cells.items() if value == head and re.fullmatch("[A-Z]+1", place)
        )

    def under(self, head: str) -> list[str | float]:
        """The values of that column, that of the total last."""
        place = re.compile(f"{self.column(head)}[0-9]+")
        return [value for each, value in self.cells.items() if place.fullmatch(each)][1:]


def sheets(content: bytes) -> dict[str, Sheet]:
    """By name, in order."""
    with ZipFile(BytesIO(content)) as file:
        assert file.testzip() is None
        book = _part(file, "xl/workbook.xml")
        patterns = _patterns(_part(file, "xl/styles.xml"))
        names = [each.attrib["name"] for each in book.iter(f"{MAIN}sheet")]
        parts = [_part(file, f"xl/worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)]
    return {name: _sheet(part, patterns) for name, part in zip(names, parts, strict=True)}


def _part(file: ZipFile, name: str) -> ET.Element:
    return ET.fromstring(file.read(name))  # noqa: S314 - we have written it


def _patterns(styles: ET.Element) -> list[str]:
    """The number format of each cell format; General is empty."""
    named = {each.attrib["numFmtId"]: each.attrib["formatCode"] for each in styles.iter(f"{MAIN}numFmt")}
    built_in = {"0": "", "1": "0", "2": "0.00", "3": "#,##0", "49": "@"}  # ECMA-376, 18.8.30
    cells = styles.find(f"{MAIN}cellXfs")
    assert cells is not None
    return [{**built_in, **named}[each.attrib["numFmtId"]] for each in cells]


def _sheet(part: ET.Element, patterns: list[str]) -> Sheet:
    cells = list(part.iter(f"{MAIN}c"))
    [pane] = [*part.iter(f"{MAIN}pane")] or [ET.Element("pane")]
    return Sheet(
        dict(_values(cells)),
        {cell.attrib["r"]: patterns[int(cell.attrib.get("s", "0"))] for cell in cells},
        (int(pane.attrib.get("ySplit", "0")), int(pane.attrib.get("xSplit", "0"))),
        sum(1 for _ in part.iter(f"{MAIN}f")),
    )


def _values(cells: list[ET.Element]) -> Iterator[tuple[str, str | float]]:
    for cell in cells:
        value = cell.find(f"{MAIN}v")
        if cell.attrib.get("t") == "inlineStr":
            # a character that XML cannot have is written as _x0001_
            text = "".join(each.text or "" for each in cell.iter(f"{MAIN}t"))
            yield cell.attrib["r"], re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)
        elif value is not None:
            assert "t" not in cell.attrib, "neither a number nor a text"
            yield cell.attrib["r"], float(value.text or "")
