import hashlib
import json
from pathlib import Path

import pytest

from counterpoint.engines.sources.download import fetch
from counterpoint.engines.sources.registry import RegistrySource
from counterpoint.i18n.complaint import Complaint
from tests.engines import small_gguf
from tests.serving_files import FileHost, Reply

LAYERS = "application/vnd.ollama.image."
CONTENT = small_gguf()


def source(text: str) -> RegistrySource:
    return RegistrySource(text, "registry.invalid", LAYERS)


def store(host: FileHost, name: str = "library/tiny", tag: str = "latest", **layers: bytes) -> None:
    """A model as such a registry has it."""
    entries = []
    for kind, content in layers.items():
        digest = hashlib.sha256(content).hexdigest()
        entries.append({"mediaType": LAYERS + kind, "digest": f"sha256:{digest}", "size": len(content)})
        host.replies[f"/blobs/{digest}"] = Reply(content)
        host.replies[f"/v2/{name}/blobs/sha256:{digest}"] = Reply(
            b"", 307, (("Location", f"{host.other_name}/blobs/{digest}"),)
        )
    manifest = {"schemaVersion": 2, "config": {"digest": "sha256:00"}, "layers": entries}
    host.replies[f"/v2/{name}/manifests/{tag}"] = Reply(json.dumps(manifest).encode())


def test_the_layers_are_found_and_verified(host: FileHost, tmp_path: Path) -> None:
    store(
        host,
        model=CONTENT,
        system=b"Be brief.",
        license=b"\nMIT License\n\nPermission ...",
        template=b"{{ }}",
    )
    found = source(f"127.0.0.1:{host.port}/tiny").find()
    assert (found.name, found.licence, found.system) == ("tiny-latest", "MIT License", "Be brief.")
    assert found.projector is None
    assert fetch(found.place, tmp_path / "f", "m") == hashlib.sha256(CONTENT).hexdigest()
    assert "manifest" in host.seen[0].headers["accept"]


def test_tags_namespaces_and_projectors(host: FileHost, tmp_path: Path) -> None:
    store(host, "me/tiny", "q4", model=CONTENT, projector=b"GGUF...")
    found = source(f"localhost:{host.port}/me/tiny:q4").find()
    assert found.name == "tiny-q4"
    assert found.projector is not None
    fetch(found.projector, tmp_path / "p", "m")
    assert (tmp_path / "p").read_bytes() == b"GGUF..."


def test_the_public_registry_is_the_default() -> None:
    assert source("llama3.2:1b")._base == "https://registry.invalid/v2/library/llama3.2"
    assert source("me/tiny")._base == "https://registry.invalid/v2/me/tiny"
    assert source("my.host/me/tiny:x")._base == "https://my.host/v2/me/tiny"


def test_a_blob_that_was_tampered_with_is_refused(host: FileHost, tmp_path: Path) -> None:
    store(host, model=CONTENT)
    digest = hashlib.sha256(CONTENT).hexdigest()
    host.replies[f"/blobs/{digest}"] = Reply(b"other")
    found = source(f"127.0.0.1:{host.port}/tiny").find()
    with pytest.raises(Complaint, match="not what it should be"):
        fetch(found.place, tmp_path / "f", "m")


def test_what_is_missing_is_told(host: FileHost) -> None:
    with pytest.raises(Complaint, match="404"):
        source(f"127.0.0.1:{host.port}/tiny").find()
    store(host, template=b"x")
    with pytest.raises(Complaint, match="no model weights"):
        source(f"127.0.0.1:{host.port}/tiny").find()
    host.replies["/v2/library/tiny/manifests/latest"] = Reply(b"<html>")
    with pytest.raises(Complaint, match="cannot be read"):
        source(f"127.0.0.1:{host.port}/tiny").find()


@pytest.mark.parametrize("text", ["", "a b", "a/b/c/d", "x:", ":x"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(Complaint, match="cannot be read"):
        source(text)
