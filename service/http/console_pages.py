"""The console's pages, as `console/` builds them. They are read once, compressed once, and served from memory.

Every page has the address of its folder and is the same document, `index.html`; its script knows the rest. What the
document names has a hash in its own name, so a browser keeps it for good.
"""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from service.http import guards

log = structlog.get_logger(__name__)

BUILT = Path(__file__).parent / "console"

POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("font", "img", "media", "script", "style")),
        "require-trusted-types-for 'script'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""The pages' Content-Security-Policy: everything from this host, no script or style within a document. `File` adds
the two addresses that a page may connect to: the service, and Asterisk's WebSocket at another port of the same host.
"""

DEVICES = ("hid", "microphone")
"""What the pages use of the computer: the desk is a telephone with a headset. Loudspeakers (`speaker-selection`) are
the own page's anyway, and Chromium complains of the name.
"""

PERMISSIONS = ", ".join(
    (*(f"{name}=(self)" for name in DEVICES), *(f"{name}=()" for name in guards.POWERS if name not in DEVICES))
)
"""The pages' Permissions-Policy: for themselves, and not for a frame within them."""

ALWAYS_ASK = "no-cache"
FOR_GOOD = "public, max-age=31536000, immutable"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""By the end of a file's name. A file of another kind is not served."""

_PORT = re.compile(r":[0-9]*$")


@dataclass(frozen=True, slots=True)
class File:
    """One file in memory, and its answer to a request."""

    content: bytes
    compressed: bytes
    headers: dict[str, str]
    websocket: int
    """The port of Asterisk's WebSocket."""

    async def answer(self, request: Request) -> Response:
        headers = {**self.headers, "Content-Security-Policy": self._policy(request)}
        if request.headers.get("If-None-Match") == self.headers["ETag"]:
            return Response(status_code=304, headers=headers)
        if _takes_gzip(request.headers.get("Accept-Encoding", "")):
            return Response(self.compressed, headers={**headers, "Content-Encoding": "gzip"})
        return Response(self.content, headers=headers)

    def _policy(self, request: Request) -> str:
        """`Host` is one of our names or an address: `guards.Hosts` has looked at it."""
        scheme = "wss" if request.url.scheme == "https" else "ws"
        host = _PORT.sub("", request.headers.get("Host", "localhost"))
        return f"{POLICY}; connect-src 'self' {scheme}://{host}:{self.websocket}"


def routes(websocket: int, built: Path = BUILT) -> list[BaseRoute]:
    """A route for each page and for each file that pages need. `websocket`: the port of Asterisk's. `built`: what Vite
    wrote.

    A console that cannot be read is logged, and there are no routes: calls need none.
    """
    try:
        pages: list[str] = json.loads((built / "pages.json").read_text())
        document = _read(built / "index.html", ALWAYS_ASK, websocket)
        files = {f"/{path.relative_to(built).as_posix()}": path for path in sorted((built / "assets").iterdir())}
        served = {address: _read(path, FOR_GOOD, websocket) for address, path in files.items() if path.suffix in TYPES}
    except (OSError, ValueError) as error:
        log.error("console.unreadable", folder=str(built), error=str(error))
        return []
    served |= dict.fromkeys(("/", *(f"/{page}" for page in pages)), document)
    return [Route(address, file.answer, include_in_schema=False) for address, file in served.items()]


def _read(path: Path, caching: str, websocket: int) -> File:
    content, compressed, tag = _content(path)
    headers = {
        "Content-Type": TYPES[path.suffix],
        "Cache-Control": caching,
        "ETag": tag,
        "Permissions-Policy": PERMISSIONS,
        "Vary": "Accept-Encoding",
    }
    return File(content, compressed, headers, websocket)


@cache
def _content(path: Path) -> tuple[bytes, bytes, str]:
    """What is in the file, the same compressed, and its ETag. Once a process, though a process may serve the console
    several times, as tests do: it takes a tenth of a second for all files.
    """
    content = path.read_bytes()
    return content, gzip.compress(content, mtime=0), f'"{sha256(content).hexdigest()[:32]}"'


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header has gzip, and not with `q=0`."""
    for coding in accepted.split(","):
        name, _, quality = coding.partition(";")
        if name.strip().lower() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
