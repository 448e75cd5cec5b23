"""app_queue in its best set-up, and what else the bench adds to Wutong's configuration of Asterisk."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.bench.hotline import EXTENSION, RECORDED

MODULE = "app_queue"
QUEUE = "bench"
RIVAL_EXTENSION = "7000"
"""Dialling it leads to app_queue's queue."""

AMI_USER = "bench"

SETTINGS = {
    "strategy": "leastrecent",  # the agent whose last call is longest ago, as longest-idle
    "autofill": "yes",  # several callers at a time
    "timeout": "15",  # seconds that an agent rings, as in Wutong's queue
    "retry": "1",  # seconds from a failed try to the next; 0 is no better
    "wrapuptime": "0",
    "ringinuse": "no",
    "joinempty": "yes",
    "leavewhenempty": "no",
    "reportholdtime": "no",
    "announce-frequency": "0",
    "announce-holdtime": "no",
    "announce-position": "no",
    "timeoutrestart": "no",
    "setinterfacevar": "no",
    "setqueuevar": "no",
    "setqueueentryvar": "no",
    "weight": "0",
    "musicclass": "default",
}
"""The queue's options. Everything that costs time and is not needed here is off."""

_DIALPLAN = f"""
; --- Of the bench: both queues are entered from here.
[wutong-citizen](+)
exten => {EXTENSION},1,Goto(wutong-transfer,{EXTENSION},1)
exten => {RECORDED},1,Goto(wutong-transfer,{RECORDED},1)
exten => {RIVAL_EXTENSION},1,Answer()
 same => n,Queue({QUEUE})
 same => n,Hangup()
"""

_STRANGERS = f"""
; --- Of the bench: phones without an account may dial these, too.
[bench]
type = identify
endpoint = anonymous
match_request_uri = /^sip:({EXTENSION}|{RECORDED}|{RIVAL_EXTENSION})@/
"""


class Unfit(Exception):
    """Wutong renders another configuration than the bench expects. The message says where."""


@contextmanager
def added(etc: Path, agents: Sequence[str], ami_secret: str, *, music: bool) -> Iterator[None]:
    """Within the block the rendered configuration contains the bench's own, for an Asterisk that starts there.

    The service sees only what Wutong rendered, and does not make Asterisk reload. `music` False: waiting callers hear
    nothing, and may be silent for any time. Raises `Unfit`.
    """
    rendered = {file: file.read_bytes() for file in etc.iterdir() if file.is_file()}
    try:
        _add(etc, agents, ami_secret, music=music)
        yield
    finally:
        for file, content in rendered.items():
            file.write_bytes(content)


def _add(etc: Path, agents: Sequence[str], ami_secret: str, *, music: bool) -> None:
    members = "".join(f"member => PJSIP/{agent}\n" for agent in agents)
    settings = "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
    general = "[general]\npersistentmembers = no\nshared_lastcall = no\nlog_membername_as_agent = no\n"
    (etc / "queues.conf").write_text(f"{general}\n[{QUEUE}]\n{settings}{members}")
    _append(etc / "extensions.conf", _DIALPLAN)
    _append(etc / "pjsip.conf", _STRANGERS)
    _append(
        etc / "manager.conf",
        f"\n; Of the bench: it looks on.\n[{AMI_USER}]\nsecret = {ami_secret}\nread = call,agi,system\nwrite = call\n",
    )
    if not music:
        # Asterisk generates music or silence at the ticks of a channel timer, or else at the phone's packets.
        _replace(etc / "modules.conf", r"(?m)^load = res_timing_timerfd\.so\n", "")


def _append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)


def _replace(file: Path, pattern: str, new: str) -> None:
    """Replace `pattern`, which must occur once."""
    text, count = re.subn(pattern, lambda match: new, file.read_text(encoding="utf-8"))
    if count != 1:
        raise Unfit(f"{file.name} has {count} lines like {pattern}; the bench expects one")
    file.write_text(text, encoding="utf-8")
