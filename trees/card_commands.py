"""`./wutong card`: the card, the poster and the web page for citizens."""

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from base.failure import NotDone
from commands.options import client_here
from drawing.card.model import content_of
from drawing.card.page import Page, Words, modules
from drawing.card.poster import poster as on_a4
from drawing.card.sides import sides
from drawing.card.svg import svg
from drawing.card.wallet import wallet
from drawing.card.web import web
from hotline.loader import load
from hotline.model import Hotline
from hotline.problem import Level
from publishing.naming import Named, in_use
from settings.settings import Settings

FONTS = (
    Path("/usr/share/fonts/opentype/noto"),  # Debian, Ubuntu
    Path("/usr/share/fonts/noto-cjk"),  # Arch, Alpine
    Path("/usr/share/fonts/google-noto-sans-cjk-fonts"),  # Fedora
)
"""Where distributions put Noto Sans CJK."""

INSTALL = "apt-get install fonts-noto-cjk"


def make(output: Path, folder: Path | None, language: str | None, *, poster: bool, settings: Settings) -> None:
    """The command. Raises NotDone."""
    form = output.suffix.lower()
    if form not in (".pdf", ".svg", ".html", ".htm"):
        raise NotDone(f"{output.name}: end the file's name with .pdf, .svg or .html")
    if poster and form.startswith(".htm"):
        raise NotDone("--poster goes with .pdf and .svg; the web page is for all sizes")
    hotline = heard(folder, settings)
    contents = [content_of(hotline, each) for each in _languages(hotline, language)]
    day = datetime.fromtimestamp(time.time(), hotline.zone).strftime("%Y-%m-%d")
    codes = [modules(content.tel) for content in contents]
    if form.startswith(".htm"):
        _write(output, web(contents, codes, day).encode())
        return
    pages: list[Page] = []
    for content, code in zip(contents, codes, strict=True):
        pages += on_a4(content, code, day) if poster else [wallet(content, code), *sides(content)]
    if form == ".pdf":
        _write(output, _pdf(pages))
        return
    for number, page in enumerate(pages, 1):
        name = output if len(pages) == 1 else output.with_name(f"{output.stem}-{number}{output.suffix}")
        _write(name, svg(page).encode())


def heard(folder: Path | None, settings: Settings) -> Hotline:
    """The draft in `folder`, or what callers hear: what was published, as long as it is what the service uses.

    Raises NotDone.
    """
    which = in_use(settings) if folder is None else Named(str(folder), folder.expanduser().absolute())
    loaded = load(which.folder, given=which.given, paths=which.paths)
    if loaded.hotline is None:
        errors = [str(problem) for problem in loaded.problems if problem.level is Level.ERROR]
        raise NotDone("\n".join([*errors, "a card is made of a hotline without errors only"]))
    if folder is None:
        client = client_here(settings.folder)
        if client is not None:
            version = client.version_in_use()
            if version != loaded.hotline.version:
                raise NotDone(
                    f"{which.name} was edited since, and callers hear version {version[:12]}: take it into use first "
                    f"(./wutong reload), or name the folder for a card of the draft"
                )
    return loaded.hotline


def _languages(hotline: Hotline, language: str | None) -> Sequence[str]:
    if language is None:
        return hotline.languages
    if language not in hotline.languages:
        raise NotDone(f"the hotline has no language {language}: give one of {', '.join(hotline.languages)}")
    return (language,)


def _pdf(pages: Sequence[Page]) -> bytes:
    from drawing.card.font import NoFont, taken
    from drawing.card.pdf import pdf

    words = [shape for page in pages for shape in page.shapes if isinstance(shape, Words)]
    with TemporaryDirectory(prefix="wutong-card-") as folder:
        regular, bold = Path(folder, "regular.ttf"), Path(folder, "bold.ttf")
        try:
            regular.write_bytes(taken(_font("NotoSansCJK-Regular.ttc"), [each.text for each in words if not each.bold]))
            bold.write_bytes(taken(_font("NotoSansCJK-Bold.ttc"), [each.text for each in words if each.bold]))
        except (NoFont, OSError) as error:
            raise NotDone(f"the font for PDF cannot be used: {error}. An SVG or a web page needs none") from error
        return pdf(pages, regular, bold)


def _font(name: str) -> Path:
    for folder in FONTS:
        if (folder / name).is_file():
            return folder / name
    raise NotDone(f"PDF needs the font Noto Sans CJK, and it is not on this machine: {INSTALL}. An SVG needs none")


def _write(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    typer.echo(str(file))
