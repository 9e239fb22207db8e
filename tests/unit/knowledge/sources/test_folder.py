import os
from pathlib import Path

import pytest

from counterpoint.knowledge.sources.folder import FolderSource, open_source
from counterpoint.knowledge.sources.port import (
    Bounds,
    ChangedError,
    Item,
    Ruled,
    SourceError,
    Trouble,
    VanishedError,
)
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
    marks = {
        each.path: each.mark.rpartition("-")[0] + "-"
        for each in source(root, bounds).items()
        if isinstance(each, Item)
    }
    assert [each for each in told if isinstance(each, Ruled)] == [
        Ruled("a.txt", None, marks["a.txt"]),
        Ruled("b/b.md", frozenset({"Finance"}), marks["b/b.md"]),
        Ruled("b/c/c.txt", frozenset(), marks["b/c/c.txt"]),
    ]
    (trouble,) = [each for each in told if isinstance(each, Trouble)]
    assert (trouble.reason, trouble.path) == ("knowledge.source.access_broken", "b/c/access.toml")


def test_an_access_file_that_is_too_large_rules_all_the_same(root: Path, bounds: Bounds) -> None:
    (root / "access.toml").write_bytes(b"#" * ((1 << 20) + 1))
    told = [each for each in source(root, bounds).rights() if isinstance(each, Ruled)]
    assert {each.readers for each in told} == {frozenset()}


def ruled(found: FolderSource) -> dict[str, object]:
    return {each.path: each.readers for each in found.rights() if isinstance(each, Ruled)}


def rule(folder: Path, *readers: str) -> None:
    told = ", ".join(f'"{reader}"' for reader in readers)
    (folder / "access.toml").write_text(f'[[rule]]\nfiles = "*"\nreaders = [{told}]\n')


def test_a_link_is_for_those_whom_both_places_let_in(tmp_path: Path, bounds: Bounds) -> None:
    root = tmp_path / "root"
    for name in ("hr", "open", "plain", "team"):
        (root / name).mkdir(parents=True)
        (root / name / "a.txt").write_text(name)
    rule(root / "hr", "ada@example.com", "HR")
    rule(root / "open", "everybody")
    rule(root / "team", "ada@example.com", "Team")
    for at in ("open", "plain", "team"):
        (root / at / "hr.txt").symlink_to("../hr/a.txt")
    (root / "hr" / "open.txt").symlink_to("../open/a.txt")
    (root / "plain" / "open.txt").symlink_to("../open/a.txt")
    (root / "open" / "plain.txt").symlink_to("../plain/a.txt")
    (root / "plain" / "chain.txt").symlink_to("../open/hr.txt")
    told = ruled(source(root, bounds))
    assert told["open/hr.txt"] == {"ada@example.com", "HR"}
    assert told["team/hr.txt"] == {"ada@example.com"}
    assert told["plain/hr.txt"] == told["plain/chain.txt"] == frozenset()
    assert told["hr/open.txt"] == {"ada@example.com", "HR"}
    assert told["plain/open.txt"] is told["open/plain.txt"] is None
    (root / "hr" / "a.txt.access.toml").write_text("readers = []")
    told = ruled(source(root, bounds))
    assert told["open/hr.txt"] == told["team/hr.txt"] == frozenset()


def test_what_is_hidden_excluded_or_a_rule_is_no_document_by_a_link_either(
    root: Path, bounds: Bounds
) -> None:
    rule(root / "b", "everybody")
    for name, target in (("h", ".hidden.txt"), ("g", ".git/config.txt"), ("l", "Thumbs.db")):
        (root / f"{name}.txt").symlink_to(target)
    (root / "rule.txt").symlink_to("b/access.toml")
    (root / "left-out.txt").symlink_to("b/c/c.txt")
    found = source(root, bounds, exclude=("b/c/**",))
    assert paths(found) == ["a.txt", "b/b.md"]
    for path in ("h.txt", "g.txt", "l.txt", "rule.txt", "left-out.txt"):
        with pytest.raises(VanishedError):
            found.fetch(path)


def test_a_folder_that_became_a_link_is_no_way_to_a_file(root: Path, bounds: Bounds) -> None:
    found = source(root, bounds)
    assert found.fetch("b/c/c.txt") == b""
    (root / "b" / "c").rename(root / "elsewhere")
    (root / "b" / "c").symlink_to(root / "elsewhere")
    with pytest.raises(VanishedError):
        found.fetch("b/c/c.txt")


@pytest.mark.parametrize("kind", ["outside", "dangling", "hidden", "folder", "pipe"])
@pytest.mark.parametrize("name", ["access.toml", "b.md.access.toml", "B.md.Access.TOML"])
def test_an_access_file_that_is_none_rules_all_the_same(
    root: Path, tmp_path: Path, bounds: Bounds, kind: str, name: str
) -> None:
    (tmp_path / "outside.toml").write_text('readers = ["everybody"]')
    (root / ".rules.toml").write_text('readers = ["everybody"]')
    place = root / "b" / name
    match kind:
        case "folder":
            place.mkdir()
        case "pipe":
            os.mkfifo(place)
        case _:
            targets = {"outside": tmp_path / "outside.toml", "hidden": root / ".rules.toml"}
            place.symlink_to(targets.get(kind, "nowhere"))
    found = source(root, bounds)
    told = list(found.rights())
    assert ("b/b.md", frozenset()) in [(each.path, each.readers) for each in told if isinstance(each, Ruled)]
    assert [each.path for each in told if isinstance(each, Trouble)] == [f"b/{name}"]
    assert paths(found) == ["a.txt", "b/b.md", "b/c/c.txt"]


def test_rules_may_lie_elsewhere_in_the_folder(root: Path, bounds: Bounds) -> None:
    rule(root / "b", "Finance")
    (root / "access.toml").unlink()
    (root / "access.toml").symlink_to("b/access.toml")
    assert ruled(source(root, bounds, exclude=("b/**",)))["a.txt"] == {"Finance"}


def test_capitals_in_the_name_of_an_access_file_do_not_matter(root: Path, bounds: Bounds) -> None:
    rule(root / "b", "Finance")
    (root / "b" / "access.toml").rename(root / "b" / "Access.toml")
    assert paths(source(root, bounds)) == ["a.txt", "b/b.md", "b/c/c.txt"]
    assert ruled(source(root, bounds))["b/b.md"] == {"Finance"}


def test_a_file_of_rules_that_is_too_deep_says_nothing_of_the_others(root: Path, bounds: Bounds) -> None:
    (root / "b" / "access.toml").write_text("a = " + "[" * 100_000)
    assert ruled(source(root, bounds)) == {"a.txt": None, "b/b.md": frozenset(), "b/c/c.txt": frozenset()}


def test_folders_that_are_too_deep_are_said_to_be(root: Path, bounds: Bounds) -> None:
    deep = root / Path(*["d"] * 300)
    deep.mkdir(parents=True)
    (deep / "x.txt").write_text("")
    for told in (list(source(root, bounds).items()), list(source(root, bounds).rights())):
        (trouble,) = [each for each in told if isinstance(each, Trouble)]
        assert trouble.reason == "knowledge.source.folder_too_deep"
        assert len(told) == 4


def test_a_hidden_folder_is_read_only_if_the_operator_names_it(tmp_path: Path) -> None:
    hidden = tmp_path / "home" / ".azure" / "tokens"
    hidden.mkdir(parents=True)
    (hidden / "a.txt").write_text("")
    link = tmp_path / "home" / "link"
    link.symlink_to(hidden)
    for folders in (None, (tmp_path,), (tmp_path / "home",)):
        for path in (hidden, link):
            with pytest.raises(SourceError, match="folder_hidden"):
                list(source(path, Bounds(tmp_path / "work", folders=folders)).items())
    named = Bounds(tmp_path / "work", folders=(tmp_path, hidden.parent))
    assert paths(source(hidden, named)) == ["a.txt"]


def test_what_was_listed_is_fetched_or_nothing(root: Path, bounds: Bounds) -> None:
    found = source(root, bounds)
    (item,) = [each for each in found.items() if isinstance(each, Item) and each.path == "a.txt"]
    elsewhere = f"{item.mark}0"  # as a share numbers its files anew
    assert found.fetch("a.txt", item.mark) == found.fetch("a.txt", elsewhere) == (root / "a.txt").read_bytes()
    (root / "new").write_text("another")
    (root / "new").replace(root / "a.txt")
    with pytest.raises(ChangedError):
        found.fetch("a.txt", item.mark)
    assert found.fetch("a.txt") == b"another"
    (mark,) = [each.mark for each in found.rights() if isinstance(each, Ruled) and each.path == "a.txt"]
    assert mark
    assert not item.mark.startswith(mark)
