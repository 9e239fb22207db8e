import json
from pathlib import Path

import pytest

from counterpoint.engines.sources.download import fetch
from counterpoint.engines.sources.hub import HubSource
from counterpoint.i18n.complaint import Complaint
from tests.engines import small_gguf
from tests.serving_files import Asked, FileHost, Reply

CONTENT = small_gguf()
SHA = __import__("hashlib").sha256(CONTENT).hexdigest()
COMMIT = "c" * 40


def source(text: str, host: FileHost, **more: str) -> HubSource:
    environment = {"HF_ENDPOINT": host.url, "HOME": "/nonexistent", **more}
    return HubSource(text, "https://hub.invalid", ".cache/hub", environment)


def stored(host: FileHost, file: str = "sub/m.Q4_K_M.gguf", token: str | None = None) -> None:
    """A file as the hub has it: described by HEAD, given out by a storage host that a redirect leads to."""

    def resolve(asked: Asked) -> Reply:
        if token is not None and asked.headers.get("authorization") != f"Bearer {token}":
            return Reply(b"", 401, (("X-Error-Code", "GatedRepo"),))
        return Reply(
            b"",
            302,
            (
                ("Location", f"{host.other_name}/storage/1?signature=x"),
                ("X-Linked-Etag", f'"{SHA}"'),
                ("X-Linked-Size", str(len(CONTENT))),
                ("X-Repo-Commit", COMMIT),
                ("ETag", '"other"'),
            ),
        )

    def storage(asked: Asked) -> Reply:
        return Reply(b"", 403) if "authorization" in asked.headers else Reply(CONTENT)

    host.replies[f"/org/repo/resolve/main/{file}"] = resolve
    host.replies[f"/org/repo/resolve/v1.0/{file}"] = resolve
    host.replies[f"/org/repo/resolve/{COMMIT}/{file}"] = resolve
    host.replies["/storage/1?signature=x"] = storage


def test_a_file_is_described_and_fetched_from_storage(host: FileHost, tmp_path: Path) -> None:
    stored(host)
    found = source("org/repo/sub/m.Q4_K_M.gguf", host).find()
    assert (found.place.sha256, found.place.size, found.name) == (SHA, len(CONTENT), "m.Q4_K_M")
    assert COMMIT in found.place.url, "the file cannot change between description and download"
    assert host.seen[0].method == "HEAD"
    assert fetch(found.place, tmp_path / "f", "m") == SHA


def test_a_token_opens_gated_repositories_and_stays_at_the_hub(host: FileHost, tmp_path: Path) -> None:
    stored(host, token="secret")
    with pytest.raises(Complaint, match="HF_TOKEN") as complaint:
        source("org/repo/sub/m.Q4_K_M.gguf", host).find()
    assert complaint.value.kind == "denied"
    found = source("org/repo/sub/m.Q4_K_M.gguf@v1.0", host, HF_TOKEN="secret").find()
    assert fetch(found.place, tmp_path / "f", "m") == SHA
    (tmp_path / "token").write_text("secret\n")
    by_file = source("org/repo/sub/m.Q4_K_M.gguf", host, HF_HOME=str(tmp_path)).find()
    assert by_file.place.sha256 == SHA


def test_without_a_file_the_repository_is_looked_through(host: FileHost) -> None:
    stored(host)
    names = ["README.md", "mmproj-f16.gguf", "m.Q8_0.gguf", "sub/m.Q4_K_M.gguf", "m.Q2_K.gguf"]
    listing = json.dumps({"siblings": [{"rfilename": name} for name in names]}).encode()
    host.replies["/api/models/org/repo/revision/main"] = Reply(listing)
    assert source("org/repo", host).find().place.filename == "m.Q4_K_M.gguf"
    host.replies["/api/models/org/repo/revision/main"] = Reply(
        json.dumps({"siblings": [{"rfilename": "a.Q2_K.gguf"}, {"rfilename": "b.Q2_K.gguf"}]}).encode()
    )
    with pytest.raises(Complaint, match=r"a\.Q2_K\.gguf, b\.Q2_K\.gguf"):
        source("org/repo", host).find()
    host.replies["/api/models/org/repo/revision/main"] = Reply(b"<html>")
    with pytest.raises(Complaint, match="cannot be read"):
        source("org/repo", host).find()


def test_a_small_file_has_no_sha256_to_compare(host: FileHost) -> None:
    host.replies["/org/repo/resolve/main/m.gguf"] = Reply(CONTENT, headers=(("ETag", '"' + "a" * 40 + '"'),))
    assert source("org/repo/m.gguf", host).find().place.sha256 is None


@pytest.mark.parametrize(("status", "kind"), [(404, "not_found"), (500, "unavailable"), (403, "denied")])
def test_refusals_are_told(host: FileHost, status: int, kind: str) -> None:
    host.replies["/org/repo/resolve/main/m.gguf"] = Reply(b"", status)
    with pytest.raises(Complaint, match=str(status)) as complaint:
        source("org/repo/m.gguf", host, HF_TOKEN="t").find()
    assert complaint.value.kind == kind


@pytest.mark.parametrize("text", ["", "org", "org/repo/a b.gguf", "org/repo/m.gguf@", "https://x/y"])
def test_nonsense_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(Complaint, match="hf:<org>"):
        HubSource(text, "https://hub.invalid", ".cache/hub", {})
