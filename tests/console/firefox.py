"""Debian's Firefox, without a window, spoken to by its own protocol, Marionette: JSON over TCP.

Playwright drives a Firefox that it has patched itself, and Debian has no geckodriver, which Selenium needs. For
signing in and looking at pages these few commands do.
"""

import asyncio
import json
import os
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which
from typing import Any

from lab.patience import PATIENCE, patience, until
from sounds.programs import end

PREFERENCES: dict[str, object] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "intl.accept_languages": "en-GB",
    "marionette.port": 0,  # any that is free; it is written into the profile
    "media.autoplay.default": 0,
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.socks": "127.0.0.1",  # nobody listens: it reaches loopback only
    "network.proxy.socks_port": 9,
    "network.proxy.type": 1,
    "services.settings.server": "",
    "toolkit.telemetry.enabled": False,
}

TELLS = """
return Services.console.getMessageArray()
  .filter((one) => one instanceof Ci.nsIScriptError && one.sourceName.startsWith(arguments[0]) && !(one.flags & 1))
  .map((one) => one.errorMessage);
"""
"""What was wrong with the pages of an address. 1: a warning, such as of a style that only other browsers know."""


class Refused(Exception):
    """Firefox did not do it; the message is its own."""


class Firefox:
    """One window. Its commands are those of WebDriver."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._number = 0

    async def say(self, command: str, **given: Any) -> Any:
        """Give a command and answer its result. Raises Refused."""
        self._number += 1
        message = json.dumps([0, self._number, command, given]).encode()
        self._writer.write(b"%d:%b" % (len(message), message))
        _, _, error, result = await self.hear()
        if error is not None:
            raise Refused(error["message"])
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    async def hear(self) -> Any:
        """The next message."""
        async with patience("Firefox's answer"):
            length = await self._reader.readuntil(b":")
            return json.loads(await self._reader.readexactly(int(length[:-1])))

    async def go(self, url: str) -> None:
        await self.say("WebDriver:Navigate", url=url)

    async def run(self, script: str, *arguments: object) -> Any:
        """What a function with that body returns in the page."""
        return await self.say("WebDriver:ExecuteScript", script=script, args=arguments)

    async def type(self, selector: str, words: str) -> None:
        """Type into a field that is on the page."""
        field = await self.say("WebDriver:FindElement", using="css selector", value=selector)
        await self.say("WebDriver:ElementSendKeys", id=next(iter(field.values())), text=words)

    async def shows(self, words: str) -> None:
        """Wait until the page has these words."""

        async def look() -> str:
            return str(await self.run("return document.body.innerText"))

        await until(f"{words!r} on the page", look, lambda text: words in text)

    async def errors(self, base: str) -> list[str]:
        """What went wrong in pages of that address since the start."""
        await self.say("Marionette:SetContext", value="chrome")
        try:
            return list(await self.run(TELLS, base))
        finally:
            await self.say("Marionette:SetContext", value="content")


@asynccontextmanager
async def firefox(folder: Path) -> AsyncIterator[Firefox]:
    """`folder`: for its profile. It fails where there is no Firefox: `./wutong test` installs one."""
    program = which("firefox-esr")
    assert program is not None, "firefox-esr is not on PATH; ./wutong test installs it"
    profile = folder / "profile"
    profile.mkdir()
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines))
    process = await asyncio.create_subprocess_exec(
        *(program, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access"),
        *("--profile", str(profile), "about:blank"),
        env={**os.environ, "HOME": str(folder), "MOZ_DISABLE_CONTENT_SANDBOX": "1"},  # root, as in CI, has no sandbox
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
    writer = None
    try:
        port = await until("Marionette's port", lambda: asyncio.to_thread(_port, profile), lambda port: port != "")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        made = Firefox(reader, writer)
        await made.hear()  # who it is
        await made.say("WebDriver:NewSession", capabilities={"alwaysMatch": {"timeouts": {"script": PATIENCE * 1_000}}})
        yield made
    finally:
        if writer is not None:
            writer.close()
        await end(process)


def _port(profile: Path) -> str:
    file = profile / "MarionetteActivePort"
    return file.read_text().strip() if file.exists() else ""
