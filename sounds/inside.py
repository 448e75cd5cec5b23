"""Reads a file that belongs into a hotline's folder, and nothing else of this machine."""

import errno
import os
import stat
from pathlib import Path


def read_inside(path: Path, folder: Path | None, most: int) -> bytes:
    """The first `most` + 1 bytes of the file. Raises OSError.

    folder  the file has to be in it: a link out of it would show an editor of the folder what is elsewhere. None: it
            may be anywhere

    A pipe is refused, and is not waited for.
    """
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        if folder is not None:
            opened = Path(os.readlink(f"/proc/self/fd/{file.fileno()}"))  # not the name: a link may change meanwhile
            if not opened.is_relative_to(folder.resolve()):
                raise OSError(errno.EXDEV, "it is a link out of the folder")
        return file.read(most + 1)


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
