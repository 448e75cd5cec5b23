"""What `restart` reports when no new service comes. tests/integration has the other case."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from base.failure import NotDone
from base.folders import StateFolder
from base.process import Process
from processes import running
from processes.running import ServiceNote, SupervisorNote
from service.cli.stopping import restart


def test_what_was_stopped_meanwhile_is_not_waited_for(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.make()
    popen = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    process = Process.of(popen.pid)
    assert process is not None
    addresses = dict.fromkeys(("http", "sip", "ami", "agi"), "127.0.0.1:1")
    given: dict[str, Any] = {"process": process, "hotline": Path("/h"), "base_port": None, "listen": "127.0.0.1"}
    running.note(folder, ServiceNote(ready=True, supervised=True, **addresses, **given))
    running.note(folder, SupervisorNote(**given))

    class Client:
        def restart(self, wait: float) -> int:
            popen.kill()  # `down` comes, and ends both
            popen.wait()
            return 1

    told: list[str] = []
    client: Any = Client()
    with pytest.raises(NotDone, match=r"start it with \./wutong up"):
        restart(client, folder, 60, told.append)
    assert told == ["1 in the menus: waiting for them, at most 60 s; new calls ring meanwhile"]
