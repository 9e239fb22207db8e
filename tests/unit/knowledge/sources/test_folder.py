import os
from pathlib import Path

import pytest

from counterpoint.knowledge.sources.folder import FolderSource, open_source
from counterpoint.knowledge.sources.port import Bounds, Item, Ruled, SourceError, Trouble, VanishedError
from counterpoint.knowledge.sources.settings import FolderSettings


def source(root: Path, bounds: Bounds, **settings: tuple[str, ...]) -> FolderSource:
    return open_source(FolderSettings(str(root), **settings), None, bounds, lambda _: "")


def paths(found: FolderSource) -> list[str]:
    return [each.path for each in found.items() if isinstance(each, Item)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "root"
    (made / "b" / "c").mkdir(parents=True)
    for name in ("a.txt", "b/b.md", "b/c/c.txt", ".hidden.txt", "~$a.docx", "Thumbs.db", "access.toml"):
        (made / name).write_text("")
    (made / ".git").mkdir()
    (made / ".git" / "config.txt").write_text("")
    return made


def test_everything_below_is_listed_but_what_is_hidden(root: Path, bounds: Bounds) -> None:
    assert paths(source(root, bounds)) == ["a.txt", "b/b.md", "b/c/c.txt"]
    assert paths(source(root, bounds, include=("*.txt",), exclude=("b/**",))) == ["a.txt"]


def test_a_mark_is_another_when_the_file_is(root: Path, bounds: Bounds) -> None:
    def mark() -> str:
        return next(each.mark for each in source(root, bounds).items() if isinstance(each, Item))

    before = mark()
    assert mark() == before
    (root / "a.txt").write_text("longer")
    assert mark() != before
    changed = mark()
    other = root / "other"
    other.write_text("LONGER")
    told = (root / "a.txt").stat()
    os.utime(other, ns=(told.st_atime_ns, told.st_mtime_ns))
    other.rename(root / "a.txt")
    assert mark() != changed


def test_links_lead_nowhere_else(root: Path, tmp_path: Path, bounds: Bounds) -> None:
    (tmp_path / "outside.txt").write_text("outside")
    (root / "out.txt").symlink_to(tmp_path / "outside.txt")
    (root / "in.txt").symlink_to(root / "b" / "b.md")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.txt")
    found = source(root, bounds)
    assert paths(found) == ["a.txt", "in.txt", "b/b.md", "b/c/c.txt"]
    for path in ("out.txt", "../outside.txt", "pipe.txt", "missing.txt", "b"):
        with pytest.raises(VanishedError):
            found.fetch(path)


def test_what_the_operator_does_not_allow_is_not_read(root: Path, tmp_path: Path) -> None:
    nothing = Bounds(tmp_path, folders=())
    elsewhere = Bounds(tmp_path, folders=(tmp_path / "other",))
    apart = Bounds(tmp_path, folders=None, apart=(root,))
    link = tmp_path / "link"
    link.symlink_to(root)
    behind = Bounds(tmp_path, folders=(tmp_path / "link" / "b",))
    for bounds in (nothing, elsewhere, apart, behind):
        for path in (root, link):
            found = source(path, bounds)
            with pytest.raises(SourceError, match="not_allowed"):
                list(found.items())
            with pytest.raises(SourceError, match="not_allowed"):
                found.fetch("a.txt")
    assert paths(source(root, Bounds(tmp_path, folders=None, apart=(root / "b",)))) == ["a.txt"]
    with pytest.raises(VanishedError):
        source(root, Bounds(tmp_path, folders=None, apart=(root / "b",))).fetch("b/b.md")


def test_a_folder_that_is_not_there_is_said_to_be(tmp_path: Path, bounds: Bounds) -> None:
    with pytest.raises(SourceError, match="folder_missing"):
        list(source(tmp_path / "none", bounds).items())


def test_a_file_that_is_too_large_is_left_out(root: Path, bounds: Bounds) -> None:
    (root / "a.txt").write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(SourceError, match="too_large") as raised:
        source(root, bounds).fetch("a.txt")
    assert raised.value.lasting


def test_a_name_that_cannot_be_said_is_a_trouble(root: Path, bounds: Bounds) -> None:
    (Path(os.fsdecode(os.fsencode(str(root)) + b"/caf\xe9.txt"))).write_text("")
    found = list(source(root, bounds).items())
    assert [each.reason for each in found if isinstance(each, Trouble)] == [
        "knowledge.source.name_unreadable"
    ]
    assert len(found) == 4


def test_rights_are_those_of_the_access_files(root: Path, bounds: Bounds) -> None:
    (root / "access.toml").write_text('[[rule]]\nfiles = "*.md"\nreaders = ["Finance"]\n')
    (root / "b" / "c" / "access.toml").write_text("[[rule")
    told = list(source(root, bounds).rights())
    assert [each for each in told if isinstance(each, Ruled)] == [
        Ruled("a.txt", None),
        Ruled("b/b.md", frozenset({"Finance"})),
        Ruled("b/c/c.txt", frozenset()),
    ]
    (trouble,) = [each for each in told if isinstance(each, Trouble)]
    assert (trouble.reason, trouble.path) == ("knowledge.source.access_broken", "b/c/access.toml")


def test_an_access_file_that_is_too_large_rules_all_the_same(root: Path, bounds: Bounds) -> None:
    (root / "access.toml").write_bytes(b"#" * ((1 << 20) + 1))
    told = [each for each in source(root, bounds).rights() if isinstance(each, Ruled)]
    assert {each.readers for each in told} == {frozenset()}
