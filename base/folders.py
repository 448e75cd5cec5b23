"""Where things are: the checkout that runs, and every file of a state folder."""

import os
from datetime import UTC, datetime
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
"""The folder that holds the packages, the templates, the sample hotline and `./wutong`."""

ASTERISK_FOLDERS = ("etc", "run", "log", "spool", "spool/monitor", "db", "keys", "agi")
"""What Asterisk has below its folder."""

SAMPLE_HOTLINE = CHECKOUT / "examples" / "12319"


def default_state() -> Path:
    """`XDG_STATE_HOME/wutong`, else `~/.local/state/wutong`."""
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "state") / "wutong"


def state_folder(given: Path | None) -> "StateFolder":
    """The one that the command line gives, else `WUTONG_STATE`, else the default."""
    return StateFolder(Path(given or os.environ.get("WUTONG_STATE") or default_state()).expanduser().absolute())


class StateFolder:
    """The files of one running hotline. docs/architecture.md lists them for people."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings = root / "settings.toml"
        """The administrator's own settings; may be absent."""
        self.secrets = root / "secrets.json"
        self.run = root / "run"
        """Notes and locks of running processes: see `processes.running`."""
        self.door = self.run / "http.sock"
        """The command line's own way to the service: see `base.local_socket`."""
        self.logs = root / "log"
        self.asterisk = root / "asterisk"
        self.sounds = root / "sounds"
        """Prompts that were built from text."""
        self.recordings = root / "recordings"
        """Where Asterisk records."""
        self.messages = root / "messages"
        """Sounds of messages: see `messages.keeper`."""
        self.recorded = root / "recorded"
        """Recordings of talks, by day: see `recordings.keeper`. Asterisk cannot open it."""
        self.database = root / "wutong.db"
        self.spool = root / "spool"
        """Records that the database does not have yet, and what a restart needs: see `journal.spool`."""
        self.led = root / "led"
        """When this machine has led: see `nodes.own`."""
        self.node = root / "node.json"
        """Which of several machines this is: see `nodes.own`."""
        self.shared = root / "shared.json"
        """What the database had last of the files that all machines have: see `nodes.shared`."""
        self.drained = root / "drained"
        """Exists while new calls are turned away: see `calls.live.intake`."""
        self.browser_phones = root / "browser-phones"
        """One file for each agent with a phone in the browser. It names the holder: a session or token."""
        self.versions = root / "versions"
        """What was published: see `publishing.store`."""
        self.emergency = root / "emergency.json"
        """The emergency message that is on: see `emergency.file`."""
        self.timezone = root / "timezone"
        """The name of the hotline's zone, in which commands show times: see `commands.options`."""
        self.notice = root / "notice.json"
        """The supervisors' line of news: see `events.notice_api`."""
        self.emergency_pins = root / "emergency-pins.json"
        """Who may switch one on by phone: see `emergency.kept_pins`."""
        self.audit_rest = root / "audit-rest.jsonl"
        """The audit's last entries, where the database was away at the last stop: see `accounts.audit`."""

    def make(self) -> None:
        """Make the folder and its subfolders where missing, for their owner only."""
        self.root.mkdir(parents=True, mode=0o700, exist_ok=True)
        own = (self.run, self.logs, self.asterisk, self.sounds, self.recordings, self.recorded, self.messages)
        for folder in own:
            folder.mkdir(mode=0o700, exist_ok=True)

    def drained_since(self) -> datetime | None:
        """When `./wutong drain` was given; None: new calls are taken."""
        try:
            return datetime.fromtimestamp(self.drained.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None
