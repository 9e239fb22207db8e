"""The machine: Python, C library, processor, memory, disk, limits, clock, whether models can be shut in."""

import os
import platform
import resource
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from counterpoint.cli.doctor.findings import Finding, doubtful, fine, wrong
from counterpoint.i18n import numbers

MB = 1_000_000
_TESTED = ((3, 11), (3, 13))
_OLDEST_GLIBC = (2, 28)  # manylinux_2_28, for which the engines' wheels are built
_LEAST_MEMORY = 1000 * MB  # both small models, the control process and a worker
_LEAST_DISK = 1000 * MB
_FULL_DISK = 100 * MB
_LEAST_FILES = 4096
_RELEASED = date(2026, 11, 1)  # no clock that is right is before this version
_ISOLATION = "from counterpoint.engines.isolation import leave_network; print(leave_network())"


def python_version(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """One that is tested."""
    shown = platform.python_version()
    if _TESTED[0] <= version <= _TESTED[1]:
        return fine("python", "cli.doctor.python.fine", version=shown)
    return doubtful("python", "python.untested", version=shown)


def c_library(system: str | None = None, library: tuple[str, str] | None = None) -> Finding:
    """One that the prebuilt engines run on."""
    system = system or f"{platform.system()} {platform.machine()}"
    name, version = library or platform.libc_ver()
    values = {"system": system, "library": f"{name} {version}".strip() or "?"}
    if not system.startswith("Linux"):
        return doubtful("platform", "platform.other", **values)
    if name != "glibc" or _numbers(version) < _OLDEST_GLIBC:
        return doubtful("platform", "platform.library", **values)
    return fine("platform", "cli.doctor.platform.fine", **values)


def processor(machine: str | None = None, information: Path = Path("/proc/cpuinfo")) -> Finding:
    """With the instructions that the engines are built for."""
    machine = machine or platform.machine()
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        flags = information.read_text("ascii", errors="replace")
    except OSError:
        flags = ""
    if machine in {"x86_64", "AMD64"} and "avx2" not in flags:
        return doubtful("processor", "processor.no_avx2", machine=machine)
    return fine("processor", "cli.doctor.processor.fine", machine=machine, count=count)


def memory(meminfo: Path = Path("/proc/meminfo"), group: Path = Path("/sys/fs/cgroup/memory.max")) -> Finding:
    """What is free, the limit of a container included."""
    free = _available(meminfo)
    limit = _limit(group)
    if free is None:
        return doubtful("memory", "memory.unknown")
    usable = min(free, limit) if limit is not None else free
    shown = numbers.size(usable)
    if usable < _LEAST_MEMORY:
        return doubtful("memory", "memory.little", free=shown, wanted=numbers.size(_LEAST_MEMORY))
    return fine("memory", "cli.doctor.memory.fine", free=shown)


def disk(data: Path) -> Finding:
    """Where the data are, or will be."""
    place = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    values = {"free": numbers.size(free), "folder": data, "wanted": numbers.size(_LEAST_DISK)}
    if free < _FULL_DISK:
        return wrong("disk", "disk.full", **values)
    if free < _LEAST_DISK:
        return doubtful("disk", "disk.little", **values)
    return fine("disk", "cli.doctor.disk.fine", **values)


def open_files(limit: int | None = None) -> Finding:
    """How many connections a worker can hold."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if limit is None else limit
    if soft != resource.RLIM_INFINITY and soft < _LEAST_FILES:
        return doubtful("files", "files.few", limit=numbers.number(soft))
    return fine("files", "cli.doctor.files.fine", limit="∞" if soft < 0 else numbers.number(soft))


def clock(today: date | None = None) -> Finding:
    """A wrong one breaks TLS, expiry and prices."""
    found = today or date.today()  # noqa: DTZ011 - a day more or less does not matter here
    if found < _RELEASED:
        return wrong("clock", "clock.behind", today=found.isoformat())
    return fine("clock", "cli.doctor.clock.fine", today=found.isoformat())


def isolation() -> Finding:
    """Whether a model's process can be cut off from the network; tried in a process of its own."""
    command = [sys.executable, "-c", _ISOLATION]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - our own code
    kind = done.stdout.strip()
    if kind in {"namespace", "filter"}:
        return fine("isolation", f"cli.doctor.isolation.{kind}")
    return doubtful("isolation", "isolation.none")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _available(meminfo: Path) -> int | None:
    try:
        lines = meminfo.read_text("ascii").splitlines()
    except OSError:
        return None
    found = [line.split() for line in lines if line.startswith("MemAvailable:")]
    return int(found[0][1]) * 1024 if found else None


def _limit(group: Path) -> int | None:
    """Of this container (cgroup v2), less what is used already."""
    try:
        text = group.read_text("ascii").strip()
        used = int(group.with_name("memory.current").read_text("ascii"))
    except (OSError, ValueError):
        return None
    return max(0, int(text) - used) if text.isdigit() else None
