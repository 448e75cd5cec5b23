"""Prompts that several state folders share, so that they are made once."""

from pathlib import Path

from base.folders import StateFolder
from processes import obtaining


def share_sounds(folder: StateFolder, sounds: Path) -> None:
    """Let a new state folder use the prompts in `sounds`, and keep there what it makes."""
    folder.make()
    folder.sounds.rmdir()
    folder.sounds.symlink_to(sounds)


def keep_sounds(folder: StateFolder, name: str) -> None:
    """Let a new state folder use the prompts of earlier runs: those in the folder `name` of Wutong's cache."""
    sounds = obtaining.default_cache() / name
    sounds.mkdir(parents=True, exist_ok=True)
    share_sounds(folder, sounds)
