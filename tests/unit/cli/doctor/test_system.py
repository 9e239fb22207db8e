from datetime import date
from pathlib import Path

import pytest

from counterpoint.cli.doctor import system


def test_python() -> None:
    assert system.python_version((3, 12)).state == "ok"
    assert system.python_version((3, 99)).state == "warn"


@pytest.mark.parametrize(
    ("name", "library", "state"),
    [
        ("Linux x86_64", ("glibc", "2.36"), "ok"),
        ("Linux x86_64", ("glibc", "2.17"), "warn"),
        ("Linux x86_64", ("", ""), "warn"),
        ("Darwin arm64", ("", ""), "warn"),
    ],
)
def test_c_library(name: str, library: tuple[str, str], state: str) -> None:
    assert system.c_library(name, library).state == state


def test_processor(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("flags : fpu sse4_2")
    assert system.processor("x86_64", info).state == "warn"
    assert system.processor("aarch64", info).state == "ok"
    info.write_text("flags : fpu avx2")
    assert system.processor("x86_64", info).state == "ok"


def test_memory_counts_the_limit_of_a_container(tmp_path: Path) -> None:
    meminfo, limit = tmp_path / "meminfo", tmp_path / "memory.max"
    meminfo.write_text("MemTotal: 9 kB\nMemAvailable: 4000000 kB\n")
    (tmp_path / "memory.current").write_text("100000000\n")
    limit.write_text("max\n")
    assert system.memory(meminfo, limit).state == "ok"
    limit.write_text("600000000\n")
    found = system.memory(meminfo, limit)
    assert found.state == "warn"
    assert "500 MB" in found.message
    assert system.memory(tmp_path / "absent", limit).state == "warn"


def test_open_files() -> None:
    assert system.open_files(1024).state == "warn"
    assert system.open_files(65536).state == "ok"
    assert system.open_files(-1).state == "ok"


def test_clock() -> None:
    assert system.clock(date(1970, 1, 1)).state == "fail"
    assert system.clock(date(2100, 1, 1)).state == "ok"


def test_disk_of_a_folder_that_is_to_come(tmp_path: Path) -> None:
    assert system.disk(tmp_path / "a" / "b").check == "disk"
    assert system.disk(Path("/proc/x")).state == "fail"


def test_isolation_is_tried_elsewhere() -> None:
    assert system.isolation().state in {"ok", "warn"}
    assert Path("/proc/self/net").exists()
