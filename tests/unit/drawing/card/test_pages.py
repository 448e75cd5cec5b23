"""Card, poster and web page: the content, in SVG, PDF and HTML; and the code that a phone reads."""

import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from drawing.card.model import Content, Direct, Entry, Group, content_of
from drawing.card.page import Code, Page, Words, modules, page_svg
from drawing.card.pdf import NoFont, pdf, taken
from drawing.card.poster import poster
from drawing.card.wallet import sides, wallet
from drawing.card.web import web
from drawing.words import width
from hotline.loader import load
from tests.unit.drawing.card.test_content import CITY, SAMPLE, of

SVG = "{http://www.w3.org/2000/svg}"
FONTS = Path("/usr/share/fonts/opentype/noto")
DAY = "2026-03-01"


def content(language: str) -> Content:
    hotline = load(SAMPLE).hotline
    assert hotline is not None
    return content_of(hotline, language)


def pages(language: str) -> dict[str, tuple[Page, ...]]:
    told = content(language)
    code = modules(told.tel)
    return {"wallet": (wallet(told, code),), "poster": poster(told, code, DAY)}


def in_svg(made: tuple[Page, ...]) -> str:
    roots = [ElementTree.fromstring(page_svg(page)) for page in made]  # noqa: S314 - our own
    return "\n".join(element.text or "" for root in roots for element in root.iter(f"{SVG}text"))


def in_pdf(made: tuple[Page, ...], folder: Path) -> str:
    words = [shape for page in made for shape in page.shapes if isinstance(shape, Words)]
    files = []
    for name, thick in (("Regular", False), ("Bold", True)):
        files.append(folder / f"{name}.ttf")
        files[-1].write_bytes(taken(FONTS / f"NotoSansCJK-{name}.ttc", [w.text for w in words if w.bold is thick]))
    reader = PdfReader(BytesIO(pdf(made, *files)))
    assert len(reader.pages) == len(made)
    box = reader.pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx(
        (made[0].width * 72 / 25.4, made[0].height * 72 / 25.4), 0.01
    )
    return "\n".join(page.extract_text() for page in reader.pages)


def all_said(told: Content, *, below: bool) -> list[str]:
    words = [told.heading, *told.numbers]
    for entry in (*told.entries, *told.others):
        words += [entry.key, entry.label]
        words += [each.label for each in entry.below] if below else []
    return words


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["wallet", "poster"])
def test_all_of_the_content_is_on_it_as_text(kind: str, language: str) -> None:
    made = pages(language)[kind]
    assert len(made) == 1
    text = in_svg(made)
    for words in all_said(content(language), below=kind == "poster"):
        assert words in text, words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_districts_are_on_a_side_of_their_own_on_the_poster_and_on_the_web_page(language: str) -> None:
    told = of(*CITY, language=language)
    code = modules(told.tel)
    assert sides(content(language)) == ()
    made = sides(told)
    assert len(made) == 1
    for text in (in_svg(made), in_svg(poster(told, code, DAY)), in_html(web([told], [code], DAY))):
        for group in told.districts:
            assert group.name in text
            for line in group.lines:
                assert line.name in text
                assert line.hours in text
                assert (line.number or "12319") in text
    assert "62521234" not in in_svg((wallet(told, code),))


def test_a_pdf_has_the_same_text(tmp_path: Path) -> None:
    made = (*pages("zh")["poster"], *pages("en")["poster"], *pages("zh")["wallet"], *pages("en")["wallet"])
    text = in_pdf(made, tmp_path)
    for told in (content("zh"), content("en")):
        for words in all_said(told, below=True):
            assert words in text, words


def test_the_web_page_has_every_language_and_links_to_call() -> None:
    contents = [content("zh"), content("en")]
    page = web(contents, [modules(each.tel) for each in contents], DAY)
    for told in contents:
        assert all(words.replace("'", "&#x27;") in page for words in all_said(told, below=True))
        assert f'<section id="{told.language}" lang="{told.language}">' in page
    assert page.count('href="tel:12319"') == 2
    assert "<script" not in page


def test_hours_that_all_lines_have_stand_once_above_them() -> None:
    told = content("en")
    office = Group("Bureau", (Direct("Hongkou", "62521234", "Mon–Fri 09:00-12:00"), Direct("Pudong", "", "Sat")))
    same = Group("Bureau", tuple(replace(line, hours="") for line in office.lines), "Mon–Fri 09:00-12:00")
    one, other = (
        in_html(web([replace(told, districts=(group,))], [modules(told.tel)], DAY)) for group in (same, office)
    )
    assert "by district Mon–Fri 09:00-12:00 Hongkou 62521234 Pudong 12319" in one
    assert "by district Hongkou Mon–Fri 09:00-12:00 62521234 Pudong Sat 12319" in other


def in_html(page: str) -> str:
    """The words of a page."""
    text = re.sub(r"</?span[^>]*>", "", page)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize("number", ["12319", "+862112345678", "*90#"])
def test_a_phone_reads_the_number_in_the_code(number: str) -> None:
    page = Page(30, 30, (Code(0, 0, 30, modules(f"tel:{number}")),), "", "en")
    assert read(page_svg(page)) == f"tel:{number}"


def read(drawn: str) -> str:
    """What a phone reads in the code of an SVG, by the path that is drawn."""
    side = int(re.findall(r'<rect width="(\d+)"', drawn)[0])
    image = Image.new("L", (side, side), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn):
        image.paste(0, (int(x), int(y), int(x) + int(length), int(y) + 1))
    codes = zxingcpp.read_barcodes(image.resize((side * 6, side * 6), Image.Resampling.NEAREST))
    assert len(codes) == 1
    return str(codes[0].text)


def test_the_code_of_a_card_is_the_hotline() -> None:
    for made in pages("zh").values():
        assert read(page_svg(made[0])) == "tel:12319"


def test_a_character_that_the_font_lacks_is_named() -> None:
    with pytest.raises(NoFont, match="𓀀"):
        taken(FONTS / "NotoSansCJK-Regular.ttc", ["绿化 𓀀"])


labels = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=60)
entries = st.builds(Entry, st.sampled_from("0123456789"), labels, labels, st.just(()))
full = st.builds(Entry, st.sampled_from("0123456789"), labels, labels, st.lists(entries, max_size=10).map(tuple))
numbers = st.from_regex(r"[0-9]{0,20}", fullmatch=True)
lines = st.lists(st.builds(Direct, labels, numbers, labels | st.just("")), max_size=30).map(tuple)
contents = st.builds(
    Content,
    st.sampled_from(["zh", "en"]),
    labels,
    st.lists(st.from_regex(r"[0-9]{1,20}", fullmatch=True), min_size=1, max_size=4).map(tuple),
    st.lists(full, max_size=10).map(tuple),
    st.lists(entries, max_size=4).map(tuple),
    lines,
    districts=st.lists(st.builds(Group, labels, lines), max_size=6).map(tuple),
)


@settings(deadline=None, max_examples=15)
@given(contents)
def test_whatever_the_content_nothing_leaves_the_page(told: Content) -> None:
    code = modules(told.tel)
    for page in (wallet(told, code), *sides(told), *poster(told, code, DAY)):
        ElementTree.fromstring(page_svg(page))  # noqa: S314 - our own
        for shape in page.shapes:
            if isinstance(shape, Words):
                wide = width(shape.text, shape.size, bold=shape.bold)
                left = shape.x - {"start": 0, "middle": wide / 2, "end": wide}[shape.anchor]
                assert left >= 0, shape
                assert left + wide <= page.width, shape
                assert 0 < shape.y < page.height, shape
