from pathlib import Path

import pytest

from counterpoint.engines.sources.download import fetch
from counterpoint.engines.sources.plain import AddressSource, FileSource
from counterpoint.i18n.complaint import Complaint
from tests.serving_files import FileHost, Reply


def test_a_file_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "My Model.gguf").write_bytes(b"abc")
    monkeypatch.chdir(tmp_path)
    for text in (str(tmp_path / "My Model.gguf"), "My Model.gguf", f"//{tmp_path}/My%20Model.gguf"):
        found = FileSource(text).find()
        assert found.name == "My Model"
        fetch(found.place, tmp_path / "out", "m")
        assert (tmp_path / "out").read_bytes() == b"abc"
    with pytest.raises(Complaint, match="no file"):
        FileSource("nothing.gguf").find()


def test_an_address_with_or_without_a_hash(host: FileHost, tmp_path: Path) -> None:
    host.replies["/a%20b.gguf"] = Reply(b"abc")
    found = AddressSource(f"{host.url}/a%20b.gguf").find()
    assert (found.name, found.place.filename, found.place.sha256) == ("a b", "a b.gguf", None)
    pinned = AddressSource(f"{host.url}/a%20b.gguf#sha256={'AB' * 32}").find()
    assert pinned.place.sha256 == "ab" * 32
    with pytest.raises(Complaint, match="not what it should be"):
        fetch(pinned.place, tmp_path / "f", "m")


def test_credentials_of_an_address_are_kept_out_of_it(host: FileHost, tmp_path: Path) -> None:
    host.replies["/m.gguf"] = Reply(b"abc")
    found = AddressSource(f"http://me:secret@127.0.0.1:{host.port}/m.gguf").find()
    assert "secret" not in found.place.url
    fetch(found.place, tmp_path / "f", "m")
    assert host.seen[0].headers["authorization"].startswith("Basic ")


def test_a_fragment_that_is_no_hash_is_refused() -> None:
    with pytest.raises(Complaint, match="sha256="):
        AddressSource("https://example.invalid/m.gguf#md5=1")
