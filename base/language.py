"""The language of the terminal, or of whoever started this program."""

import os
from collections.abc import Mapping


def language_here(variables: Mapping[str, str] = os.environ) -> str:
    """`zh` where the terminal's language is Chinese, else `en`."""
    spoken = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := variables.get(name))), "")
    return "zh" if spoken.startswith("zh") else "en"
