"""Versions: a digest of what callers hear and what is decided. Comments and passwords do not change it."""

import json
from hashlib import sha256

from hotline.model import Hotline


def version(hotline: Hotline) -> str:
    """12 hexadecimal digits over the hotline and the recordings that are played in it, and the files of its lists."""
    # Passwords are excluded by the model. The order of agents is kept: a strategy uses it.
    said = json.dumps(hotline.model_dump(mode="json", exclude={"folder", "version"}))
    digest = sha256(said.encode())
    for name, numbers in sorted(hotline.filed.items()):
        digest.update(f"{name} {' '.join(sorted(numbers))}\n".encode())
    for (language, words), recorded in sorted(hotline.recorded.items()):
        digest.update(f"{language} {words} {recorded}\n".encode())
    return digest.hexdigest()[:12]
