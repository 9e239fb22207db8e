import shutil
import struct
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """The smallest file that says that it is a model."""
    facts = {"general.architecture": "llama", "general.name": "Tiny"}
    body = b"".join(text(name) + struct.pack("<I", 8) + text(value) for name, value in facts.items())
    context = text("llama.context_length") + struct.pack("<II", 4, 2048)
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 3) + body + context)
    return path


def test_a_file_is_used_where_it_lies(run: Run, gguf: Path) -> None:
    ran = run("models", "add", str(gguf), "--name", "ours")
    assert (ran.code, "ours" in ran.out) == (0, True)
    (listed,) = run("models", "list", "--json").json["items"]
    assert listed["file"] == str(gguf)
    assert listed["context"] == 2048
    assert listed["state"] is None
    assert listed["memory_bytes"] > listed["size"] == gguf.stat().st_size
    assert run("models", "show", "ours", "--json").json == listed
    shown = run("models", "show", "ours").out
    assert "Tiny" in shown
    assert listed["sha256"] in shown
    assert run("models", "remove", "ours", "--yes").code == 0
    assert gguf.exists()
    assert run("models", "list", "--json").json == {"items": [], "next": None}


def test_an_empty_list_says_what_to_do(run: Run) -> None:
    assert "counterpoint models pull" in run("models", "list").err
    assert "counterpoint models pull" in run("models", "list", lang="fr").err


def test_a_pull_copies_and_a_second_one_changes_nothing(run: Run, gguf: Path) -> None:
    pulled = run("models", "pull", f"file:{gguf}", "--name", "ours", "--json").json["items"][0]
    assert pulled["name"] == "ours"
    again = run("models", "pull", f"file:{gguf}", "--name", "ours", "--json").json["items"][0]
    assert again == {**pulled, "pulled_at": again["pulled_at"]}


def test_exit_codes(run: Run, gguf: Path) -> None:
    assert run("models", "show", "absent").code == 3
    assert run("models", "remove", "absent", "--yes").code == 3
    assert run("models", "add", "/nowhere.gguf").code == 3
    assert run("models", "pull", "nonsense:x").code == 2
    run("models", "add", str(gguf), "--name", "ours")
    other = gguf.with_name("other.gguf")
    shutil.copy(gguf, other)
    assert run("models", "add", str(other), "--name", "ours").code == 4
    assert run("models", "add", str(other), "--name", "ours", "--replace").code == 0
    assert run("models", "pull", f"file:{gguf}", "--sha256", "0" * 64, "--name", "third").code in {2, 4, 5}
