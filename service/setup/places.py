"""Where things are: the checkout that runs, and every file of a state folder."""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
"""The folder that holds the packages, the templates, the sample hotline and `./wutong`."""

SAMPLE_HOTLINE = CHECKOUT / "examples" / "12319"


def default_state() -> Path:
    """`XDG_STATE_HOME/wutong`, else `~/.local/state/wutong`."""
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "state") / "wutong"


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The files of one running hotline. docs/architecture.md lists them for people."""

    root: Path

    @property
    def settings(self) -> Path:
        """The administrator's own settings; may be absent."""
        return self.root / "settings.toml"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def run(self) -> Path:
        """Notes and locks of running processes: see `service.setup.running`."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def asterisk(self) -> Path:
        return self.root / "asterisk"

    @property
    def sounds(self) -> Path:
        """Prompts that were built from text."""
        return self.root / "sounds"

    @property
    def recordings(self) -> Path:
        return self.root / "recordings"

    @property
    def database(self) -> Path:
        return self.root / "wutong.db"

    @property
    def spool(self) -> Path:
        """Records that the database does not have yet, and what a restart needs: see `journal.spool`."""
        return self.root / "spool"

    @property
    def drained(self) -> Path:
        """Exists while new calls are turned away: see `service.calls.intake`."""
        return self.root / "drained"

    def make(self) -> None:
        """Make the folder and its subfolders where missing, for their owner only."""
        self.root.mkdir(parents=True, mode=0o700, exist_ok=True)
        for folder in (self.run, self.logs, self.asterisk, self.sounds, self.recordings):
            folder.mkdir(mode=0o700, exist_ok=True)
