"""How much memory a model will need, before it is loaded, and how much there is."""

import os
from pathlib import Path
from typing import Final

from counterpoint.engines.manifest import Manifest

DEFAULT_CONTEXT: Final = 8192
OVERHEAD: Final = 128 << 20
"""Interpreter, runtime and compute buffers; measured at 80 to 120 MiB with a small model."""

SMALL_OVERHEAD: Final = 48 << 20
"""The same for the small embedding runtime; measured at 35 to 45 MiB."""


def context_of(manifest: Manifest, wanted: int | None, available: int | None = None) -> int:
    """Tokens of context to give a model: `wanted`, else `DEFAULT_CONTEXT`, never more than it was made for; and
    unless asked for, no more than half of the `available` bytes that the weights leave can hold (but at least
    2,048)."""
    own = manifest.context or DEFAULT_CONTEXT
    if wanted is not None:
        return min(own, wanted)
    context = min(own, DEFAULT_CONTEXT)
    if available is not None and manifest.kv_bytes:
        left = max(available - manifest.size - OVERHEAD, 0) // 2
        context = min(context, max(left // manifest.kv_bytes // 256 * 256, 2048))
    return min(context, own)


def needed(manifest: Manifest, context: int | None, available: int | None = None) -> int:
    """Bytes that the model's process will occupy, roughly: weights, context and the rest."""
    if manifest.format != "gguf":
        return manifest.size + SMALL_OVERHEAD
    return manifest.size + OVERHEAD + context_of(manifest, context, available) * (manifest.kv_bytes or 0)


def machine(proc: Path = Path("/proc"), group: Path = Path("/sys/fs/cgroup")) -> tuple[int, int | None]:
    """Bytes of memory that this machine has, and those that are free; a container's, where it is given less.

    `proc`, `group`: where Linux tells it (proc_pid_meminfo(5), cgroups(7)); elsewhere what is free is not known."""
    try:
        lines = (proc / "meminfo").read_text("ascii").splitlines()
    except OSError:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), None
    told = {line.partition(":")[0]: int(line.split()[1]) << 10 for line in lines if len(line.split()) > 1}
    total, available = told["MemTotal"], told.get("MemAvailable")
    limit, used = _number(group / "memory.max"), _number(group / "memory.current")
    if limit is not None and limit < total:
        left = limit - (used or 0)
        return limit, left if available is None else min(available, left)
    return total, available


def _number(path: Path) -> int | None:
    try:
        text = path.read_text("ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
