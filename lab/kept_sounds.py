"""Prompts that several state folders share, so that they are made once."""

from pathlib import Path

from base.folders import StateFolder
from processes import obtaining


def share_sounds(folder: StateFolder, sounds: Path) -> None:
    """Let a new state folder use the prompts in `sounds`, and keep there what it makes."""
    folder.make()
    folder.sounds.rmdir()
    folder.sounds.symlink_to(sounds)


def kept_sounds() -> Path:
    """The prompts of all earlier runs of the lab, in Wutong's cache."""
    sounds = obtaining.default_cache() / "lab-sounds"
    sounds.mkdir(parents=True, exist_ok=True)
    return sounds
