"""The distribution's Chromium, without a window, for tests of the console: over its debugging pipe, without a port.

Its microphone is a beep of its own or a file. No request leaves the machine.
"""

import asyncio
import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from lab.patience import PATIENCE, patience

FLAGS = (
    "--headless",
    "--no-sandbox",  # tests run as root, and in containers
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--accept-lang=zh-CN",
)

LARGEST = 16 * 1024 * 1024
"""Bytes of one message: a screenshot is the largest."""

NOTED = 40
"""What the browser's console said last, for a test that fails."""

SEEN = """new Promise((done) => {
  const look = () => { const found = (%s); if (found) { watch.disconnect(); clearInterval(tick); done(found); } };
  const watch = new MutationObserver(look);
  watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  const tick = setInterval(look, 100);
  look();
})"""
"""Waits for what is true of a page. A property of a control changes without a mutation, so it looks now and then too."""


class BrowserFailed(Exception):
    """The browser is not there, or a page raised."""


class Page:
    """One tab."""

    def __init__(self, browser: "Browser", session: str, target: str) -> None:
        self._browser = browser
        self._session = session
        self._target = target

    async def call(self, method: str, **parameters: Any) -> Any:
        """One command of the DevTools protocol. Raises BrowserFailed."""
        return await self._browser.call(method, self._session, **parameters)

    async def open(self, url: str) -> None:
        await self.call("Page.navigate", url=url)

    async def reload(self) -> None:
        await self.call("Page.reload")

    async def close(self) -> None:
        await self._browser.call("Target.closeTarget", targetId=self._target)

    async def run(self, script: str) -> Any:
        """The value of an expression, a promise's too. Raises BrowserFailed."""
        answer = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserFailed(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    async def see(self, script: str, what: str = "", timeout: float = PATIENCE) -> Any:
        """Wait until the expression is true of the page, over navigations too, and answer its value. Raises Late."""
        async with patience(what or f"{script} in the page", timeout, self._browser.evidence):
            while True:
                with suppress(BrowserFailed):  # the page was left meanwhile
                    if found := await self.run(SEEN % script):
                        return found
                await asyncio.sleep(0.05)

    async def see_text(self, text: str) -> None:
        await self.see(f"document.body?.innerText.includes({json.dumps(text)})", f"the text {text!r} in the page")

    async def press(self, key: str) -> None:
        """One key, as from a keyboard."""
        code = {"Escape": 27}.get(key) or ord(key.upper())
        text = {} if len(key) > 1 else {"text": key}
        for kind in ("keyDown", "keyUp"):
            given = {"type": kind, "key": key, "windowsVirtualKeyCode": code, **(text if kind == "keyDown" else {})}
            await self.call("Input.dispatchKeyEvent", **given)

    async def click(self, text: str) -> None:
        """The button that has this text."""
        button = f"[...document.querySelectorAll('button')].find((each) => each.innerText.includes({json.dumps(text)}))"
        await self.see(f"Boolean({button})", f"the button {text!r}")
        await self.run(f"{button}.click()")

    async def fill(self, selector: str, value: str) -> None:
        """Type into a field."""
        field = f"document.querySelector({json.dumps(selector)})"
        await self.see(f"Boolean({field})", f"the field {selector}")
        await self.run(f"{field}.focus()")
        await self.call("Input.insertText", text=value)

    async def picture(self, file: Path) -> None:
        """A screenshot."""
        from base64 import b64decode

        answer = await self.call("Page.captureScreenshot", format="png")
        await asyncio.to_thread(file.write_bytes, b64decode(answer["data"]))


class Browser:
    """A running Chromium. `running` makes one."""

    def __init__(self, process: asyncio.subprocess.Process, read: asyncio.StreamReader, write: int) -> None:
        self._process = process
        self._read = read
        self._write = write
        self._ids = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._said: deque[str] = deque(maxlen=NOTED)
        self._reading = asyncio.create_task(self._listen())

    async def page(self, url: str = "about:blank", *, first: str = "", size: tuple[int, int] = (1366, 768)) -> Page:
        """A new tab. `first`: a script that runs before those of each page."""
        target = (await self.call("Target.createTarget", url="about:blank"))["targetId"]
        attached = await self.call("Target.attachToTarget", targetId=target, flatten=True)
        page = Page(self, attached["sessionId"], target)
        for domain in ("Page", "Runtime", "Log"):
            await page.call(f"{domain}.enable")
        await page.call(
            "Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False
        )
        if first:
            await page.call("Page.addScriptToEvaluateOnNewDocument", source=first)
        if url != "about:blank":
            await page.open(url)
        return page

    async def call(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        number = next(self._ids)
        asked: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            asked["sessionId"] = session
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        return await answer

    def evidence(self) -> str:
        """What the pages' consoles said last."""
        return "The browser's last words:\n" + "\n".join(self._said)

    async def close(self) -> None:
        self._reading.cancel()
        os.close(self._write)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def _listen(self) -> None:
        try:
            while True:
                message = json.loads((await self._read.readuntil(b"\0"))[:-1])
                answer = self._waiting.pop(message.get("id", 0), None)
                if answer is None:
                    self._note(message)
                elif answer.done():
                    pass
                elif "error" in message:
                    answer.set_exception(BrowserFailed(str(message["error"])))
                else:
                    answer.set_result(message["result"])
        except asyncio.IncompleteReadError:
            for answer in self._waiting.values():
                answer.set_exception(BrowserFailed("the browser has ended"))

    def _note(self, event: dict[str, Any]) -> None:
        if event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self._said.append(json.dumps(event["params"], ensure_ascii=False)[:600])


@asynccontextmanager
async def running(*, voice: Path | None = None, flags: Sequence[str] = ()) -> AsyncIterator[Browser]:
    """A fresh browser with a profile of its own. `voice`: what its microphone hears, a WAV file, again and again."""
    program = shutil.which("chromium")
    if program is None:
        raise BrowserFailed("there is no Chromium: apt-get install chromium")
    heard = () if voice is None else (f"--use-file-for-fake-audio-capture={voice}",)
    with tempfile.TemporaryDirectory(prefix="wutong-browser-", ignore_cleanup_errors=True) as profile:
        (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
        high = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 10) for number in (theirs_in, theirs_out)]

        def place() -> None:
            """Chromium takes orders at descriptor 3 and answers at 4."""
            for number, place in zip(high, (3, 4), strict=True):
                os.dup2(number, place)

        process = await asyncio.create_subprocess_exec(
            program,
            *FLAGS,
            *heard,
            *flags,
            f"--user-data-dir={profile}",
            "--remote-debugging-pipe",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=place,
            pass_fds=(3, 4),
            start_new_session=True,
        )
        for number in (theirs_in, theirs_out, *high):
            os.close(number)
        read = asyncio.StreamReader(LARGEST)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(read), os.fdopen(ours_in, "rb")
        )
        browser = Browser(process, read, ours_out)
        try:
            yield browser
        finally:
            await browser.close()
