"""What a model's process is told when it starts, and where its weights are."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import Manifest
from counterpoint.i18n import say

MEGABYTE: Final = 1 << 20


class Settings(msgspec.Struct, frozen=True):
    """How one model is run. `keep_alive`: see `frames.Call`. `context`: tokens all calls share; `None`: see
    `memory.context_of`. `parallel`: generations at once; `queue`: calls that may wait
    besides. `threads`: `None`: one per physical core but one. `memory_limit`: bytes the process may occupy."""

    keep_alive: float = 300.0
    context: int | None = None
    parallel: int = 4
    queue: int = 64
    threads: int | None = None
    memory_limit: int | None = None


DEFAULTS: Final = Settings()


def check_hash(manifest: Manifest, path: Path, expected: str) -> None:
    """Read the whole file and compare. At every load: a cached verdict would trust a time stamp, and anybody who
    can change a file can set one. It costs 0.1 to 0.3 s per 100 MB, and warms the page cache for the load."""
    with path.open("rb") as stream:
        actual = hashlib.file_digest(stream, "sha256").hexdigest()
    if actual != expected:
        raise Refused(
            _failure(
                "engines.hash_mismatch",
                "engine_hash_mismatch",
                model=manifest.name,
                path=path,
                expected=expected,
                actual=actual,
            )
        )


def _failure(sentence: str, code: str, **values: object) -> Failure:
    return Failure(FailureKind.unavailable, say(sentence, lang="en", **values), code=code, from_upstream=True)


def available_memory(root: Path = Path("/")) -> int | None:
    """Bytes that the machine, or the container we are in, can give without swapping; `None` where neither says."""
    found: list[int] = []
    with suppress(OSError, ValueError, IndexError):
        lines = (root / "proc/meminfo").read_text("ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    group = root / "sys/fs/cgroup"
    with suppress(OSError, ValueError):  # "max" is no number: then there is no limit
        limit = int((group / "memory.max").read_text("ascii"))
        found.append(max(limit - int((group / "memory.current").read_text("ascii")), 0))
    return min(found, default=None)


def physical_cores() -> int:
    """Cores that this process may run on, hyper-threads counted once (sysfs; all of them where it is absent)."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores: set[str] = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings.read_text("ascii").strip() if siblings.is_file() else str(cpu))
    return max(len(cores), 1)


def threads_of(settings: Settings) -> int:
    """One core is left to the gateway, whose work must not wait for a model's."""
    return settings.threads or max(physical_cores() - 1, 1)
