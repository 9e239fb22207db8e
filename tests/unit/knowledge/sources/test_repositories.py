from collections.abc import Callable
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo

from counterpoint.knowledge.sources.port import Bounds, SourceError
from counterpoint.knowledge.sources.repositories import check_places


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
