import hashlib
from pathlib import Path

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.process.settings import (
    Settings,
    available_memory,
    check_hash,
    physical_cores,
    threads_of,
)


def test_the_whole_file_is_compared(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"abc" * 1000)
    digest = hashlib.sha256(b"abc" * 1000).hexdigest()
    manifest = Manifest("m", "chat", "gguf", "f", digest, 3000)
    check_hash(manifest, path, digest)
    stat = path.stat()
    path.write_bytes(b"abc" * 999 + b"abd")
    __import__("os").utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(Refused, match="not the one that was pulled") as refused:
        check_hash(manifest, path, digest)
    assert digest in refused.value.failure.message


def test_one_core_is_left_to_the_others() -> None:
    cores = physical_cores()
    assert cores >= 1
    assert threads_of(Settings()) == max(cores - 1, 1)
    assert threads_of(Settings(threads=3)) == 3


def test_the_machine_says_what_memory_it_has() -> None:
    available = available_memory()
    assert available is not None
    assert available > 64 << 20


def test_a_container_may_have_less(tmp_path: Path) -> None:
    assert available_memory(tmp_path) is None
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    4096 kB\n")
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "memory.current").write_text("1000000\n")
    (group / "memory.max").write_text("max\n")
    assert available_memory(tmp_path) == 4096 * 1024
    (group / "memory.max").write_text("3000000\n")
    assert available_memory(tmp_path) == 2_000_000
