"""The documentation at /help, for people who use the console: the Markdown below `docs/`, made into pages here.

An address is a file's own name, so the links between the files hold. A page is made at its first request and kept. It
needs no script and nothing from elsewhere, and shows nothing that is not public: it needs no account.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from service.http.console_pages import BUILT
from web.pages import Once

if TYPE_CHECKING:
    from markdown_it.token import Token

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = {".png": "image/png", ".svg": "image/svg+xml"}
GUIDES = ("agents", "supervisors", "administrators", "operators")
"""The pages in the folder `guides`, in the order in which they are offered. The Chinese ones end in `.zh.md`."""

STYLE = """\
:root { color-scheme: light dark; }
body { font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif; margin: 0 auto;
  max-width: 52rem; padding: 0 1rem 4rem; overflow-wrap: break-word; }
nav { border-bottom: 1px solid GrayText; display: flex; flex-wrap: wrap; gap: 0 1.5rem; padding: 0.75rem 0; }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
nav .other { margin-left: auto; }
h1 { font-size: 1.6rem; line-height: 1.3; }
h2 { border-bottom: 1px solid GrayText; font-size: 1.25rem; margin-top: 2.5rem; }
h2:target, h3:target { outline: 2px solid Highlight; outline-offset: 4px; }
h3 { font-size: 1.05rem; margin-top: 2rem; }
img { border: 1px solid GrayText; height: auto; max-width: 100%; }
code { font-size: 0.9em; }
pre { border: 1px solid GrayText; overflow-wrap: anywhere; padding: 0.75rem; white-space: pre-wrap; }
table { border-collapse: collapse; overflow-wrap: anywhere; }
th, td { border-bottom: 1px solid GrayText; padding: 0.35rem 1rem 0.35rem 0; text-align: left; vertical-align: top; }
"""

POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The pages' Content-Security-Policy: their own style and the pictures of this host."""

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A picture's: an SVG has its style within, and could have a script."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def routes(docs: Path = DOCS) -> list[BaseRoute]:
    """A route for each page and each picture below `docs`, and one that leads to the first page."""
    names = _names(docs)
    made: list[BaseRoute] = [Route("/help", _to_the_first, include_in_schema=False)]
    for name, path in names.items():
        answer = _picture(path) if path.suffix in PICTURES else _page(docs, name, names)
        made.append(Route(f"/help/{name}", answer, include_in_schema=False))
    return made


@cache
def _names(docs: Path) -> Mapping[str, Path]:
    """Each file that has an address: its name below `docs` → the file. Once a process, as tests make many apps."""
    found = [path for path in sorted(docs.rglob("*")) if path.suffix in (".md", *PICTURES)]
    return {path.relative_to(docs).as_posix(): path for path in found}


async def _to_the_first(_: Request) -> Response:
    return RedirectResponse("/help/README.md")


def _picture(path: Path) -> Callable[[Request], FileResponse]:
    def answer(_: Request) -> FileResponse:
        headers = {"Content-Security-Policy": PICTURE_POLICY}
        return FileResponse(path, media_type=PICTURES[path.suffix], headers=headers)

    return answer


def _page(docs: Path, name: str, served: Collection[str]) -> Callable[[Request], object]:
    made = Once(lambda: page(docs, name, served).encode())

    async def answer(_: Request) -> Response:
        return HTMLResponse(await made.page(), headers={"Content-Security-Policy": POLICY})

    return answer


def page(docs: Path, name: str, served: Collection[str]) -> str:
    """The page as HTML. `name`: its file below `docs`; `served`: all files that have an address."""
    from markdown_it import MarkdownIt  # a start of the service need not wait for it

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    chinese = name.endswith(".zh.md")
    tokens = markdown.parse((docs / name).read_text(encoding="utf-8"))
    for token in _flat(tokens):
        if token.type == "link_open":
            _check_link(token, name, served)
        token.attrs.pop("style", None)  # how a column is aligned: the policy allows no style within the document
    _name_headings(tokens)
    other = name.replace(".zh.md", ".md") if chinese else name.replace(".md", ".zh.md")
    return _TEMPLATES.get_template("help.html").render(
        style=STYLE,
        icon=_icon(),
        chinese=chinese,
        name=name,
        title=title(docs / name),
        guides=[(guide, title(docs / guide)) for guide in _guides(chinese) if guide in served],
        first="README.zh.md" if chinese and "README.zh.md" in served else "README.md",
        other=other if other in served else None,
        content=markdown.renderer.render(tokens, markdown.options, {}),
    )


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def title(path: Path) -> str:
    """The first line of a page, without its mark."""
    with path.open(encoding="utf-8") as lines:
        return lines.readline().lstrip("#").strip()


def _icon() -> str | None:
    """The console's, whose name has a hash."""
    found = next(BUILT.glob("assets/icon-*.svg"), None)
    return None if found is None else f"/assets/{found.name}"


def _guides(chinese: bool) -> list[str]:
    return [f"guides/{guide}{'.zh' if chinese else ''}.md" for guide in GUIDES]


def _flat(tokens: list["Token"]) -> Iterator["Token"]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _name_headings(tokens: list["Token"]) -> None:
    """Give each heading its anchor."""
    for token, inner in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(inner.content))


def _check_link(token: "Token", name: str, served: Collection[str]) -> None:
    """A link to a file that is not served, such as a program's, becomes plain text."""
    target = str(token.attrs.get("href", ""))
    if target.startswith(("#", "http://", "https://")):
        return
    if _below(name, unquote(target.partition("#")[0])) not in served:
        token.attrs.pop("href")


def _below(name: str, target: str) -> str:
    """The file that a link of the page `name` means, from `docs`; a link that leaves it keeps its `..`."""
    parts: list[str] = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(target).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
