import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.engines.sources.base import Place, Progress
from counterpoint.engines.sources.download import Meter, copy, fetch, room_for
from counterpoint.engines.sources.web import Web
from counterpoint.i18n.complaint import Complaint
from tests.serving_files import Asked, FileHost, Reply, file_host

CONTENT = bytes(range(256)) * 4000
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between tries a download waits; here it need not."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def place(host: FileHost, path: str = "/f", sha256: str | None = SHA) -> Place:
    return Place(f"{host.url}{path}", "f.gguf", Web(), sha256=sha256)


def test_a_file_arrives_whole_and_its_progress_is_told(host: FileHost, tmp_path: Path) -> None:
    host.replies["/f"] = Reply(CONTENT)
    told: list[Progress] = []
    assert fetch(place(host), tmp_path / "deep" / "f.part", "m", told.append) == SHA
    assert (tmp_path / "deep" / "f.part").read_bytes() == CONTENT
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["f.part"]
    assert (told[-1].done, told[-1].total, told[-1].phase) == (len(CONTENT), len(CONTENT), "download")


@pytest.mark.parametrize("cut", [1, 1000, len(CONTENT) - 1])
def test_a_download_that_breaks_off_goes_on_where_it_was(host: FileHost, tmp_path: Path, cut: int) -> None:
    def reply(asked: Asked) -> Reply:
        first = len(host.seen) == 1
        return Reply(CONTENT, headers=(("ETag", '"v1"'),), cut=cut if first else None)

    host.replies["/f"] = reply
    assert fetch(place(host), tmp_path / "f.part", "m") == SHA
    assert host.seen[1].headers["range"] == f"bytes={cut}-"
    assert host.seen[1].headers["if-range"] == '"v1"'
    assert (tmp_path / "f.part").read_bytes() == CONTENT


def test_the_next_run_goes_on_too(host: FileHost, tmp_path: Path) -> None:
    host.replies["/f"] = Reply(CONTENT, headers=(("ETag", '"v1"'),), cut=5000)
    with pytest.raises(Complaint, match="broke off"):
        fetch(place(host), tmp_path / "f.part", "m")
    so_far = len(host.seen)
    host.replies["/f"] = Reply(CONTENT, headers=(("ETag", '"v1"'),))
    assert fetch(place(host), tmp_path / "f.part", "m") == SHA
    assert host.seen[so_far].headers["range"].startswith("bytes=")


def test_a_file_that_changed_meanwhile_begins_again(host: FileHost, tmp_path: Path) -> None:
    other = b"new" * 5000

    def reply(asked: Asked) -> Reply:
        if len(host.seen) == 1:
            return Reply(CONTENT, headers=(("ETag", '"v1"'),), cut=777)
        return Reply(other, headers=(("ETag", '"v2"'),))

    host.replies["/f"] = reply
    assert fetch(place(host, sha256=None), tmp_path / "f.part", "m") == hashlib.sha256(other).hexdigest()
    assert (tmp_path / "f.part").read_bytes() == other


def test_servers_without_ranges_or_validators_work_too(host: FileHost, tmp_path: Path) -> None:
    def reply(asked: Asked) -> Reply:
        return Reply(CONTENT, cut=777 if len(host.seen) == 1 else None, ranges=False)

    host.replies["/f"] = reply
    assert fetch(place(host), tmp_path / "a.part", "m") == SHA
    host.seen.clear()
    assert fetch(place(host, sha256=None), tmp_path / "b.part", "m") == SHA
    assert "range" not in host.seen[1].headers, "without a validator nothing says that the rest fits"


def test_a_part_longer_than_the_file_begins_again(host: FileHost, tmp_path: Path) -> None:
    host.replies["/f"] = Reply(CONTENT + b"more", headers=(("ETag", '"v1"'),), cut=len(CONTENT) + 2)
    with pytest.raises(Complaint):
        fetch(place(host), tmp_path / "f.part", "m")
    host.replies["/f"] = Reply(CONTENT[:1000], headers=(("ETag", '"v1"'),))
    short = hashlib.sha256(CONTENT[:1000]).hexdigest()
    assert fetch(place(host, sha256=None), tmp_path / "f.part", "m") == short


def test_wrong_content_is_thrown_away(host: FileHost, tmp_path: Path) -> None:
    host.replies["/f"] = Reply(CONTENT[:-1] + b"!")
    with pytest.raises(Complaint, match="not what it should be"):
        fetch(place(host), tmp_path / "f.part", "m")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "kind"), [(401, "denied"), (403, "denied"), (404, "not_found"), (500, "unavailable")]
)
def test_a_refusal_is_told_at_once(host: FileHost, tmp_path: Path, status: int, kind: str) -> None:
    host.replies["/f"] = Reply(b"", status)
    with pytest.raises(Complaint, match=str(status)) as complaint:
        fetch(place(host), tmp_path / "f.part", "m")
    assert complaint.value.kind == kind
    assert len(host.seen) == 1


def test_credentials_are_sent(host: FileHost, tmp_path: Path) -> None:
    host.replies["/f"] = Reply(CONTENT)
    with_token = Place(f"{host.url}/f", "f", Web(), (("Authorization", "Bearer t"),), SHA)
    fetch(with_token, tmp_path / "f.part", "m")
    assert host.seen[0].headers["authorization"] == "Bearer t"


def test_local_files_are_copied(tmp_path: Path) -> None:
    source = tmp_path / "my file.gguf"
    source.write_bytes(CONTENT)
    found = Place(source.as_uri(), source.name, Web(), sha256=SHA)
    assert fetch(found, tmp_path / "f.part", "m") == SHA
    assert (tmp_path / "f.part").read_bytes() == CONTENT
    with pytest.raises(Complaint, match="not what it should be"):
        copy(source, tmp_path / "g.part", "0" * 64, "m")
    with pytest.raises(Complaint, match="no file"):
        copy(tmp_path / "none", tmp_path / "g.part", None, "m")


def test_a_disk_without_room_is_noticed_before(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="MiB free"):
        room_for(tmp_path / "x", 1 << 39)
    with pytest.raises(Complaint, match="nothing that large"):
        room_for(tmp_path / "x", 1 << 50)


def test_progress_is_not_told_at_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    told: list[Progress] = []
    meter = Meter("m", "download", 1000, told.append)
    for done in range(0, 1001, 10):
        now[0] += 0.01
        meter(done)
    assert 5 < len(told) < 20
    assert told[-1].done == 1000
    assert told[-2].rate == pytest.approx(1000, rel=0.01)
    assert told[-2].eta is not None


@settings(max_examples=15)
@given(st.lists(st.integers(0, 3000), max_size=3), st.booleans())
def test_whatever_breaks_the_file_is_the_file(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], validated: bool
) -> None:
    content = CONTENT[:2500]
    with file_host() as host:

        def reply(asked: Asked) -> Reply:
            number = len(host.seen) - 1
            headers = (("ETag", '"v1"'),) if validated else ()
            return Reply(content, headers=headers, cut=cuts[number] if number < len(cuts) else None)

        host.replies["/f"] = reply
        part = tmp_path_factory.mktemp("d") / "f.part"
        fetch(place(host, sha256=hashlib.sha256(content).hexdigest()), part, "m")
        assert part.read_bytes() == content
