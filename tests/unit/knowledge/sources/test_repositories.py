import random
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha1
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.objects import Blob, ObjectID, hex_to_filename
from dulwich.pack import (
    OFS_DELTA,
    REF_DELTA,
    UnpackedObject,
    create_delta,
    full_unpacked_object,
    write_pack_data,
    write_pack_index,
)
from dulwich.repo import Repo

from counterpoint.knowledge.sources.port import Bounds, SourceError
from counterpoint.knowledge.sources.repositories import Objects, check_places


def made(path: Path) -> Path:
    path.mkdir(parents=True)
    with Repo.init(str(path)) as repo:
        (path / "plan.txt").write_text("the plan")
        porcelain.add(repo, [str(path / "plan.txt")])
        porcelain.commit(repo, message=b"x", author=b"A <a@example.com>", committer=b"A <a@example.com>")
    return path


def gitfile(here: Path, there: Path) -> None:
    (here / ".git").write_text(f"gitdir: {there}/.git\n")


def linked(here: Path, there: Path) -> None:
    (here / ".git").symlink_to(there / ".git")


def common(here: Path, there: Path) -> None:
    (here / ".git").mkdir()
    (here / ".git" / "HEAD").write_text("ref: refs/heads/master\n")
    (here / ".git" / "objects").mkdir()
    (here / ".git" / "commondir").write_text(f"{there}/.git\n")


def borrowed(here: Path, there: Path) -> None:
    Repo.init(str(here)).close()
    (here / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (here / ".git" / "objects" / "info" / "alternates").write_text(f"{there}/.git/objects\n")


def of_links(here: Path, there: Path) -> None:
    Repo.init(str(here)).close()
    for found in sorted((there / ".git" / "objects").iterdir()):
        place = here / ".git" / "objects" / found.name
        if not place.exists():
            place.symlink_to(found)


LEADING = [gitfile, linked, common, borrowed, of_links]


@pytest.mark.parametrize("lead", LEADING)
def test_a_repository_that_reads_another_reads_where_it_may(
    tmp_path: Path, lead: Callable[[Path, Path], None]
) -> None:
    there = made(tmp_path / "private" / "repo")
    here = tmp_path / "allowed" / "repo"
    here.mkdir(parents=True)
    lead(here, there)
    with Repo(str(here)) as repo:
        bounds = Bounds(tmp_path / "work", folders=(tmp_path / "allowed",))
        with pytest.raises(SourceError, match="folder_not_allowed") as raised:
            check_places(repo, bounds)
        assert raised.value.values["path"].startswith(str(there))
        with pytest.raises(SourceError, match="folder_not_allowed"):
            check_places(repo, Bounds(tmp_path / "work", folders=None, apart=(tmp_path / "private",)))
        check_places(repo, Bounds(tmp_path / "work", folders=(tmp_path,)))


def test_one_that_borrows_in_a_circle_comes_to_an_end(tmp_path: Path) -> None:
    one, other = made(tmp_path / "one"), tmp_path / "other"
    other.mkdir()
    borrowed(other, one)
    (one / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (one / ".git" / "objects" / "info" / "alternates").write_text(f"{other}/.git/objects\n")
    with Repo(str(other)) as repo:
        check_places(repo, Bounds(tmp_path / "work", folders=(tmp_path,)))


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    with Repo.init_bare(str(tmp_path / "bare"), mkdir=True) as opened:
        yield opened


def put(repo: Repo, header: bytes, content: bytes) -> ObjectID:
    """A loose object that says that of itself."""
    sha = ObjectID(sha1(header + content).hexdigest().encode())
    path = Path(hex_to_filename(str(repo.object_store.path), sha))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(header + content))
    return sha


def pack(repo: Repo, *records: UnpackedObject) -> None:
    place = Path(repo.object_store.pack_dir) / "pack-1"
    with open(place.with_suffix(".pack"), "wb") as file:
        entries, checksum = write_pack_data(
            file, iter(records), num_records=len(records), object_format=repo.object_format
        )
    with open(place.with_suffix(".idx"), "wb") as file:
        listed = sorted((sha, offset, crc) for sha, (offset, crc) in entries.items())
        write_pack_index(file, listed, checksum)


def delta(base: Blob, made: Blob) -> UnpackedObject:
    changes = list(create_delta(base.data, made.data))
    return UnpackedObject(7, delta_base=base.sha().digest(), decomp_chunks=changes, sha=made.sha().digest())


def test_objects_are_read_up_to_their_limit(repo: Repo) -> None:
    text = random.Random(1).randbytes(5000)
    blobs = [Blob.from_string(data) for data in (b"", b"x" * 100, text, text * 3, text[:900])]
    # A delta whose base comes later names it, one whose base came before says how far back it is.
    pack(repo, delta(blobs[2], blobs[3]), *map(full_unpacked_object, blobs[:3]), delta(blobs[3], blobs[4]))
    loose = Blob.from_string(text * 2)
    repo.object_store.add_object(loose)
    (packed,) = repo.object_store.packs
    kinds = {packed.get_unpacked_object(each.id, convert_ofs_delta=False).pack_type_num for each in blobs}
    assert kinds == {Blob.type_num, OFS_DELTA, REF_DELTA}
    for blob in (*blobs, loose):
        size = blob.raw_length()
        assert Objects(repo, max(size, 8000))[blob.id].as_raw_string() == blob.data
        if size:
            with pytest.raises(SourceError, match="too_large"):
                Objects(repo, size - 1)[blob.id]
    with pytest.raises(SourceError, match="too_large"):
        Objects(repo, 1000)[blobs[4].id]  # itself small, but made of what is not
    with pytest.raises(KeyError):
        Objects(repo, 1000)[ObjectID(b"1" * 40)]


@pytest.mark.parametrize("told", [b"blob 67108864\0", b"blob 1\0"])
def test_an_object_that_swells_is_not_unpacked(repo: Repo, told: bytes) -> None:
    sha = put(repo, told, bytes(64 << 20))
    tracemalloc.start()
    with pytest.raises((SourceError, zlib.error)):
        Objects(repo, 1 << 20)[sha]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 << 20


def test_a_packed_object_that_swells_is_not_unpacked(repo: Repo) -> None:
    large = Blob.from_string(bytes(64 << 20))
    larger = Blob.from_string(large.data + b"x")
    pack(repo, full_unpacked_object(large), delta(large, larger))
    ids = [large.id, larger.id]
    del large, larger
    tracemalloc.start()
    for sha in ids:
        with pytest.raises(SourceError, match="too_large"):
            Objects(repo, 1 << 20)[sha]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 << 20
