"""What `./wutong doctor` finds of Asterisk: the program, its age, its modules, and whether it lets the service in."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from asterisk.ami import AMIClient

from processes import modules, obtaining, renewing
from processes.asterisk import AsteriskFailed, AsteriskProcess
from sentences.languages import said
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """`odd` works, but somebody should know; `wrong` does not work. `what` and `sentence` are sentences; what another
    program says is in its own language.
    """

    level: Literal["right", "odd", "wrong"]
    what: str
    sentence: str

    def document(self) -> dict[str, str]:
        """For programs, with the sentence in both languages."""
        plain = {"level": self.level, "what": self.what, "sentence": self.sentence}
        return {**plain, "chinese": said(self.sentence, "zh")}


def finding(level: Literal["right", "odd", "wrong"], what: str, template: str, /, **parts: object) -> Finding:
    """With a sentence of this template and these parts."""
    return Finding(level, what, Sentence(template, **parts))


PROBE_TIMEOUT = 5.0
"""Seconds in which AMI must answer."""


def asterisk(settings: Settings) -> Iterator[Finding]:
    if settings.asterisk is not None:
        host = settings.asterisk.host
        yield finding("right", "Asterisk", "a remote one at {host}", host=host)
        return
    found, objection = obtaining.on_path()
    if objection is not None:
        yield finding("odd", "Asterisk", "the one on PATH is not used: {objection}", objection=objection)
    if found is None:
        private = obtaining.private_root(obtaining.default_cache())
        if not (private / obtaining.MARKER).is_file():
            yield finding("odd", "Asterisk", "none yet; `up` makes a private one in {private}", private=private)
            return
        try:
            found = obtaining.obtain(obtaining.default_cache(), lambda line: None)
        except obtaining.NoAsterisk as error:
            yield finding("wrong", "Asterisk", "there is none to use: {why}", why=str(error))
            return
    if lacking := modules.missing(found.modules):
        names = ", ".join(lacking)
        yield finding("wrong", "Asterisk", "{version} lacks the modules {names}", version=found.version, names=names)
    else:
        yield finding(
            "right",
            "Asterisk",
            "{version}, {origin}, with every module that is needed",
            version=found.version,
            origin=Sentence("private") if found.origin == "private" else "PATH",
        )
    if found.origin == "private":
        yield asterisk_age(obtaining.private_root(obtaining.default_cache()))


def asterisk_age(root: Path) -> Finding:
    """A private Asterisk gets no updates by itself. A new one is not compared: it was the newest a day ago."""
    days, command, what = renewing.age_days(root), "./wutong up --update-asterisk", Sentence("Asterisk's age")
    age = Sentence("made yesterday") if days == 1 else Sentence("made {days} days ago", days=days)
    if not days:
        return finding("right", what, "made today")
    old = days >= renewing.OLD_DAYS
    try:
        newer = renewing.newer(root)
    except renewing.NotAsked as error:
        asked = Sentence("{age}; whether there is a newer one could not be asked: {why}", age=age, why=str(error))
        return Finding(
            "odd", what, Sentence("{words}; renew it: {command}", words=asked, command=command) if old else asked
        )
    if newer is not None:
        newest = Sentence(
            "{age}, and there is a newer one, {newer}. Renew it: {command}", age=age, newer=newer, command=command
        )
        return Finding("odd", what, newest)
    if old:
        libraries = Sentence(
            "{age}. Asterisk itself is the newest, the libraries beside it may not be. Renew it: {command}",
            age=age,
            command=command,
        )
        return Finding("odd", what, libraries)
    return finding("right", what, "{age}, and there is no newer one", age=age)


def loaded_modules(settings: Settings) -> Finding:
    """Whether the Asterisk that runs has all modules."""
    what = Sentence("Asterisk's modules")
    try:
        installation = obtaining.obtain(obtaining.default_cache(), lambda line: None)
        lacking = asyncio.run(AsteriskProcess(installation, settings.asterisk_folder).modules_missing())
    except (obtaining.NoAsterisk, AsteriskFailed) as error:
        return finding("wrong", what, "they cannot be asked for: {why}", why=str(error))
    if lacking:
        names = ", ".join(lacking)
        return finding("wrong", what, "not running: {names}; see its log", names=names)
    return finding("right", what, "all that are needed run")


def probe(address: str, secret: str) -> Finding:
    """Log in to AMI as the service does, on a separate connection. `address`: host:port."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), PROBE_TIMEOUT).close()
    except OSError as error:
        return finding("wrong", "AMI", "{address} cannot be reached: {why}", address=address, why=recognised(error))
    client = AMIClient(address=host, port=int(port), timeout=PROBE_TIMEOUT)
    try:
        answer = client.login("wutong", secret).response
        if answer is not None:
            if not answer.is_error():
                client.logoff()
            # Asterisk closes the connection in both cases; if we closed it, the library's thread would wait for ever
            client.finished.wait(PROBE_TIMEOUT)
    finally:
        client.disconnect()
    if answer is None:
        return finding(
            "wrong",
            "AMI",
            "{address} did not answer within {seconds:.0f} s: restart Asterisk",
            address=address,
            seconds=PROBE_TIMEOUT,
        )
    if answer.is_error():
        why = recognised(answer.keys.get("Message") or Sentence("no reason given"))
        return finding("wrong", "AMI", "{address} refuses the service: {why}", address=address, why=why)
    return finding("right", "AMI", "{address} lets the service in", address=address)
