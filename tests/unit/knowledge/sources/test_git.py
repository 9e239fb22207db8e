import base64
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from dulwich import porcelain
from dulwich.repo import Repo
from dulwich.server import DictBackend
from dulwich.web import make_wsgi_chain

from counterpoint.knowledge.sources import git
from counterpoint.knowledge.sources.git import GitSource, open_source
from counterpoint.knowledge.sources.packs import Most, check_pack
from counterpoint.knowledge.sources.port import Bounds, Item, SourceError, VanishedError
from counterpoint.knowledge.sources.settings import GitSettings

SEEN: list[str | None] = []


def commit(repo: Path, **files: str) -> None:
    for name, text in files.items():
        path = repo / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        porcelain.add(repo, [path])
    porcelain.commit(repo, message=b"x", author=b"A <a@example.com>", committer=b"A <a@example.com>")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    made = tmp_path / "repo"
    porcelain.init(made)
    commit(made, a_md="one", docs__b_md="two", docs__c_txt="three", _hidden="x")
    (made / "link.md").symlink_to("a.md")
    porcelain.add(made, [made / "link.md"])
    commit(made)
    return made


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        SEEN.append(self.headers.get("authorization"))


@pytest.fixture
def address(repo: Path) -> Iterator[str]:
    opened = Repo(str(repo))
    backed: dict[str, Any] = {"/repo.git": opened}
    app = make_wsgi_chain(DictBackend(backed))
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/repo.git"
    server.shutdown()
    server.server_close()
    thread.join()
    opened.close()


def source(url: str, bounds: Bounds, secret: str | None = None, **settings: Any) -> GitSource:
    return open_source(GitSettings(url, **settings), secret, bounds, lambda _: "")


def marks(found: GitSource) -> dict[str, str]:
    return {each.path: each.mark for each in found.items() if isinstance(each, Item)}


def test_a_repository_of_this_machine(repo: Path, bounds: Bounds) -> None:
    found = source(str(repo), bounds)
    assert sorted(marks(found)) == ["a.md", "docs/b.md", "docs/c.txt"]
    assert found.fetch("docs/b.md") == b"two"
    for path in ("docs", "none", "../a.md"):
        with pytest.raises(VanishedError):
            found.fetch(path)
    assert found.rights() is None
    found.close()
    inner = source(f"file://{repo}", bounds, path="docs")
    assert sorted(marks(inner)) == ["b.md", "c.txt"]
    assert inner.fetch("c.txt") == b"three"
    inner.close()


def test_one_that_the_operator_does_not_allow(repo: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not_allowed"):
        marks(source(str(repo), Bounds(tmp_path)))
    with pytest.raises(SourceError, match="no_repository"):
        marks(source(str(tmp_path), Bounds(tmp_path, folders=None)))


def test_a_file_that_is_too_large_is_left_out(repo: Path, bounds: Bounds) -> None:
    commit(repo, large_txt="x" * ((1 << 20) + 1))
    found = source(str(repo), bounds)
    assert "large.txt" in marks(found)
    with pytest.raises(SourceError, match="too_large") as raised:
        found.fetch("large.txt")
    assert raised.value.lasting
    assert found.fetch("a.md") == b"one"
    found.close()


def test_one_that_leads_out_of_what_is_allowed(repo: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    bounds = Bounds(tmp_path, folders=(inside,))
    (inside / ".git").write_text(f"gitdir: {repo}/.git\n")
    with pytest.raises(SourceError, match="folder_not_allowed"):
        marks(source(str(inside), bounds))
    (inside / ".git").write_text("nonsense")
    with pytest.raises(SourceError, match="no_repository"):
        marks(source(str(inside), bounds))


def test_a_repository_elsewhere(repo: Path, address: str, bounds: Bounds) -> None:
    found = source(address, bounds, "a-token")
    before = marks(found)
    assert sorted(before) == ["a.md", "docs/b.md", "docs/c.txt"]
    found.close()
    assert base64.b64decode((SEEN[-1] or "").removeprefix("Basic ")) == b"x-access-token:a-token"
    commit(repo, a_md="one, changed", new_md="new")
    again = source(address, bounds)
    assert again.fetch("a.md") == b"one"  # as it was looked at last
    after = marks(again)
    assert {path for path in after if after[path] != before.get(path)} == {"a.md", "new.md"}
    assert again.fetch("a.md") == b"one, changed"
    again.close()


def test_what_cannot_be_fetched_says_why(address: str, bounds: Bounds) -> None:
    with pytest.raises(SourceError, match="no_branch"):
        marks(source(address, bounds, branch="none"))
    with pytest.raises(SourceError, match="unreachable"):
        marks(source(address.replace("repo.git", "other.git"), bounds))
    with pytest.raises(SourceError, match="address_not_allowed"):
        marks(source(address, Bounds(bounds.work)))


def test_what_a_server_sends_is_looked_at_before_it_is_unpacked(
    repo: Path, address: str, bounds: Bounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = open_source(GitSettings(address), None, bounds, lambda _: "")
    assert [each.path for each in found.items() if isinstance(each, Item)]
    commit(repo, large_txt="x" * 100_000)
    monkeypatch.setattr(git, "check_pack", lambda pack, names: check_pack(pack, names, Most(one=50_000)))
    with pytest.raises(SourceError, match="too_large"):
        list(found.items())
    assert found.fetch("a.md") == b"one"
    found.close()
