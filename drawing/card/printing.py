"""Pages as PDF with the font of this machine: which one that is, and what to do if there is none."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from base.failure import NotDone
from drawing.card.page import Page, Words

FONTS = (
    Path("/usr/share/fonts/opentype/noto"),  # Debian, Ubuntu
    Path("/usr/share/fonts/noto-cjk"),  # Arch, Alpine
    Path("/usr/share/fonts/google-noto-sans-cjk-fonts"),  # Fedora
)
"""Where distributions put Noto Sans CJK."""

INSTALL = "apt-get install fonts-noto-cjk"


def printed(pages: Sequence[Page]) -> bytes:
    """The file, in seconds of work. Raises NotDone: there is no font, or it lacks characters, which are never printed
    as boxes.
    """
    from drawing.card.pdf import NoFont, pdf, taken  # half a second, which the service does without

    words = [shape for page in pages for shape in page.shapes if isinstance(shape, Words)]
    with TemporaryDirectory(prefix="wutong-pdf-") as folder:
        regular, bold = Path(folder, "regular.ttf"), Path(folder, "bold.ttf")
        try:
            plain, thick = fonts()
            regular.write_bytes(taken(plain, [each.text for each in words if not each.bold]))
            bold.write_bytes(taken(thick, [each.text for each in words if each.bold]))
        except (NoFont, OSError) as error:
            raise NotDone(
                "the font for PDF cannot be used: {why}. An SVG or a web page needs none", why=str(error)
            ) from error
        return pdf(pages, regular, bold)


def fonts() -> tuple[Path, Path]:
    """The regular and the bold one. Raises NotDone."""
    return _font("NotoSansCJK-Regular.ttc"), _font("NotoSansCJK-Bold.ttc")


def _font(name: str) -> Path:
    for folder in FONTS:
        if (folder / name).is_file():
            return folder / name
    raise NotDone(
        "PDF needs the font Noto Sans CJK, and it is not on this machine: {install}. An SVG needs none", install=INSTALL
    )
