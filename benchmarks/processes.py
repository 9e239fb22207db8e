"""What a gateway's processes use, as the kernel accounts for it."""

import os
from pathlib import Path

_TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, ())
    return found


def _stat(pid: int) -> list[str]:
    """The fields of `/proc/PID/stat` from the state on; empty once the process is gone."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def cpu_ns(pid: int) -> int:
    """CPU time used so far, user and system. The scheduler's own count is exact but forgets threads that have
    ended; utime + stime forgets nothing but comes in ticks: each is a lower bound."""
    fields = _stat(pid)
    if not fields:
        return 0
    ticks = (int(fields[11]) + int(fields[12])) * _TICK_NS
    exact = 0
    for task in (_PROC / str(pid) / "task").iterdir():
        try:
            exact += int((task / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return max(ticks, exact)


def pss_bytes(pid: int) -> int:
    """Memory, pages shared between processes counted in proportion."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def command_line(pid: int) -> str:
    """With its arguments; empty once the process is gone."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def machine() -> dict[str, str | int]:
    """What the figures were measured on."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in (_PROC / "cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown",
    )
    memory = int((_PROC / "meminfo").read_text().split()[1]) // 1024
    return {
        "cpu": cpu,
        "cores": os.cpu_count() or 1,
        "memory_mb": memory,
        "kernel": os.uname().release,
        "load_average": " ".join(f"{value:.2f}" for value in os.getloadavg()),
    }
