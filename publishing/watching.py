"""`./wutong up --watch`: what is saved in the hotline's folder is published, if it passes its checks and tests."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog
import typer
from watchfiles import Change, awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

from base.failure import NotDone
from commands.options import step
from hotline.files import FILES, HOTLINE, LARGEST, Given, folder_files
from processes.running import as_running
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from settings.settings import Settings
from sounds.recordings import read_inside

log = structlog.get_logger()

SETTLED_MS = 300
"""Milliseconds without another change after which what was saved is looked at: an editor writes several files."""

LONGEST_MS = 5_000
"""Milliseconds after which it is looked at though there are more and more changes."""

LOOK_MS = 5_000
"""Milliseconds between two looks for a folder that is gone: what is made while a watch begins is not reported."""

REPLAYED_WITHIN = 5.0
"""Seconds that a publish on save waits to hear who of the last days' callers would end elsewhere."""

PROMPTS = "prompts"


async def keep_published(settings: Settings) -> None:
    """Watch until cancelled. The hotline runs on, also when something goes wrong here."""
    folder = as_running(settings).hotline.absolute()

    def publish() -> None:
        from commands.options import client_of
        from publishing.elsewhere import Callers
        from publishing.publish_commands import publish as go

        client, callers = client_of(settings.state), Callers(within=REPLAYED_WITHIN)
        go(client, settings, None, "", over=False, trial=None, callers=callers, yes=True, as_json=False)

    try:
        await watch(folder, publish, step)
    except Exception as error:  # such as the kernel's limit of watches: `up` must not end for that
        log.exception("watch-failed", folder=str(folder))
        step(
            Sentence(
                "{folder} is not watched any more: {why}. Publish with ./wutong publish",
                folder=folder,
                why=recognised(error),
            )
        )


async def watch(
    folder: Path, publish: Callable[[], None], say: Callable[[str], None], settled_ms: int = SETTLED_MS
) -> None:
    """`publish`, in a thread, after each time that something in `folder` was saved that is in a version or that a
    version uses. What it raises ends nothing. A folder that is removed is waited for.
    """
    say(Sentence("watching {folder}: what is saved and passes its checks is published", folder=folder))
    seen = folder_files(folder)
    while True:
        if _gone(folder):
            say(
                Sentence(
                    "{folder} is gone; callers get the version in use. Waiting until it is there again", folder=folder
                )
            )
            await _there(folder / HOTLINE, settled_ms)
            say(Sentence("{folder} is there again", folder=folder))
            seen = await _saved(folder, publish, say)
        missed = False
        changes = awatch(
            folder,
            watch_filter=lambda change, path: counts(folder, change, path),
            step=settled_ms,
            debounce=LONGEST_MS,
            force_polling=False,
        )
        try:
            async for changed in changes:
                if _gone(folder):
                    break
                others = any(Path(path).name not in FILES for _, path in changed)
                if others or folder_files(folder) != seen:
                    seen = await _saved(folder, publish, say)
        except* WatchfilesRustInternalError as error:  # such as a name that is not UTF-8, which nothing here has
            say(
                Sentence(
                    "a change was not understood ({why}); {folder} is watched on",
                    why=recognised(error.exceptions[0]),
                    folder=folder,
                )
            )
            missed = True
        if missed and not _gone(folder) and folder_files(folder) != seen:  # it was saved with that
            seen = await _saved(folder, publish, say)


def counts(folder: Path, change: Change, path: str) -> bool:
    """Whether a change in the folder may change what callers hear. Editors have files of their own there."""
    changed = Path(path)
    if changed == folder:
        return change is Change.deleted or not folder.is_dir()
    parts = changed.relative_to(folder).parts
    name = parts[-1]
    if any(part.startswith(".") for part in parts) or name.endswith(("~", ".swp", ".tmp")):
        return False
    if len(parts) > 1:
        return parts[0] == PROMPTS
    return name in FILES or _named(folder, name)


def _named(folder: Path, name: str) -> bool:
    """Whether hotline.yaml names the file, as it does a list of callers."""
    try:
        return name.encode() in read_inside(folder / HOTLINE, folder, LARGEST)
    except OSError:
        return False


async def _saved(folder: Path, publish: Callable[[], None], say: Callable[[str], None]) -> Given | None:
    """Publish; answers the files as they were before it looked at them."""
    seen = folder_files(folder)
    try:
        await asyncio.to_thread(publish)
    except typer.Exit:
        say(Sentence("nothing was published: callers get what they got before. Save again when it is mended"))
    except (NotDone, OSError) as error:
        say(Sentence("nothing was published: {why}", why=recognised(error)))
    return seen


async def _there(file: Path, settled_ms: int) -> None:
    """Wait until the file is there."""
    while (parent := _waits_in(file)) is not None:
        changes = awatch(
            parent,
            watch_filter=None,
            step=settled_ms,
            debounce=LONGEST_MS,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            recursive=False,
            force_polling=False,
        )
        async for _ in changes:
            if _waits_in(file) != parent:
                break


def _gone(folder: Path) -> bool:
    return not folder.is_dir()


def _waits_in(file: Path) -> Path | None:
    """The nearest folder that is there, for a file that is not; None: the file is there."""
    return None if file.exists() else next(each for each in file.parents if each.is_dir())
