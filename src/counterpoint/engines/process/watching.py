"""Watch the memory that this process occupies, so that a model beyond its limit is unloaded in order.

Why not a limit of the kernel's alone: an allocation that fails ends native code at once, with every call in
flight and no word why. `isolation.limit_resources` keeps such a limit, higher up, for what is too fast for this.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from counterpoint.canonical import Failure, FailureKind
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.memory import needed
from counterpoint.engines.process.settings import MEGABYTE, Settings
from counterpoint.i18n import say

INTERVAL: Final = 0.25
_STATM: Final = Path("/proc/self/statm")


def occupied() -> int:
    """Bytes of memory this process occupies (resident size)."""
    return int(_STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def too_large(manifest: Manifest, settings: Settings) -> Failure | None:
    """Whether the model cannot fit its limit at all, before anything is loaded."""
    limit = settings.memory_limit
    if limit is None:
        return None
    expected = needed(manifest, settings.context, limit)
    return _failure(manifest, expected, limit) if expected > limit else None


def watch(manifest: Manifest, limit: int, exceeded: Callable[[Failure], None]) -> None:
    """Look again and again; when the process occupies more than `limit`, call `exceeded` once with what to
    tell the callers."""
    now = occupied()
    if now > limit:
        exceeded(_failure(manifest, now, limit))
    else:
        asyncio.get_running_loop().call_later(INTERVAL, watch, manifest, limit, exceeded)


def _failure(manifest: Manifest, size: int, limit: int) -> Failure:
    return Failure(
        FailureKind.unavailable,
        say(
            "engines.memory",
            lang="en",
            model=manifest.name,
            needed=size // MEGABYTE,
            limit=limit // MEGABYTE,
        ),
        code="engine_memory_limit",
        from_upstream=True,
    )
