"""Files of a Git repository, as a branch has them now: by http(s), or in a folder of this machine that may be read.

Of a repository elsewhere its newest state is kept at hand, without its history; each call that dulwich makes goes
through the guarded client, so that no address leads where it may not.
"""

import base64
import hashlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from dulwich.client import AbstractHttpGitClient, FetchPackResult
from dulwich.errors import GitProtocolError, HangupException, NotGitRepository
from dulwich.object_store import iter_tree_contents, tree_lookup_path
from dulwich.objects import Blob, Commit
from dulwich.refs import Ref
from dulwich.repo import Repo

from counterpoint.knowledge.sources.addresses import site_of
from counterpoint.knowledge.sources.fetching import AGENT, refusal
from counterpoint.knowledge.sources.folder import refuse_unallowed
from counterpoint.knowledge.sources.media import media_type_of
from counterpoint.knowledge.sources.packs import check_pack
from counterpoint.knowledge.sources.patterns import wanted
from counterpoint.knowledge.sources.port import (
    Bounds,
    Item,
    Known,
    Ruled,
    SourceError,
    Trouble,
    VanishedError,
)
from counterpoint.knowledge.sources.repositories import Objects, check_places
from counterpoint.knowledge.sources.settings import GitSettings
from counterpoint.transport.guarded import GuardedClient, GuardedError

_LARGEST = 2 << 30
"""Bytes of a repository's newest state."""
_LARGEST_TREE = 32 << 20
"""Bytes of one tree or commit, of some hundred thousand names."""
_PIECE = 1 << 20
_SECONDS = 1800.0
_PACKS = 20
"""Of so many fetches what is at hand is thrown away and fetched anew."""
_HEAD = b"refs/heads/fetched"
_FILE = 0o100000
_fetching = threading.Lock()
"""One fetch at a time in this process: a repository is worked on by several threads."""


class GitSource:
    """Open."""

    def __init__(self, settings: GitSettings, secret: str | None, bounds: Bounds) -> None:
        self._settings = settings
        self._secret = secret
        self._bounds = bounds
        self._below = settings.path.strip("/")
        self._repo: Repo | None = None

    def items(self) -> Iterator[Item | Trouble]:
        """By path."""
        repo = self._fetched()
        prefix = f"{self._below}/" if self._below else ""
        objects: Any = Objects(repo, _LARGEST_TREE)
        for entry in iter_tree_contents(objects, self._commit(repo).tree):
            full = (entry.path or b"").decode("utf-8", "replace")
            path = full.removeprefix(prefix)
            hidden = any(part.startswith(".") for part in path.split("/"))
            file = (entry.mode or 0) & 0o170000 == _FILE
            taken = full.startswith(prefix) and wanted(path, self._settings.include, self._settings.exclude)
            if file and taken and not hidden and entry.sha is not None:
                media_type = media_type_of(path)
                yield Item(path, mark=entry.sha.decode(), media_type=media_type)

    def fetch(self, path: str, mark: str = "") -> bytes:
        """As it was when the repository was looked at last."""
        repo = self._at_hand() or self._fetched()
        full = f"{self._below}/{path}" if self._below else path
        try:
            trees = Objects(repo, _LARGEST_TREE)
            _, sha = tree_lookup_path(trees.__getitem__, self._commit(repo).tree, full.encode())
            blob = Objects(repo, self._bounds.largest)[sha]
        except KeyError:
            raise VanishedError("knowledge.source.vanished") from None
        if not isinstance(blob, Blob):
            raise VanishedError("knowledge.source.vanished")
        return blob.data

    def rights(self) -> Iterator[Ruled | Trouble] | None:
        """A repository says nothing of who may read which of its files."""
        return None

    def close(self) -> None:
        """The repository's files."""
        if self._repo is not None:
            self._repo.close()
            self._repo = None

    def _commit(self, repo: Repo) -> Commit:
        remote = urlsplit(self._settings.url).scheme in {"http", "https"}
        branch = f"refs/heads/{self._settings.branch}".encode() if self._settings.branch else b"HEAD"
        try:
            commit = Objects(repo, _LARGEST_TREE)[repo.refs[Ref(_HEAD if remote else branch)]]
        except KeyError:
            raise _no_branch(self._settings) from None
        if not isinstance(commit, Commit):
            raise _no_branch(self._settings)
        return commit

    def _at_hand(self) -> Repo | None:
        if self._repo is None and (self._place() / "HEAD").exists():
            repo = Repo(str(self._place()))
            self._repo = repo if _HEAD in repo.refs.as_dict() else None
            if self._repo is None:
                repo.close()
        return self._repo

    def _place(self) -> Path:
        told = f"{self._settings.url}\0{self._settings.branch}"
        return self._bounds.work / "git" / hashlib.sha256(told.encode()).hexdigest()[:32]

    def _fetched(self) -> Repo:
        """Its newest state. Raises `SourceError`."""
        self.close()
        if urlsplit(self._settings.url).scheme not in {"http", "https"}:
            self._repo = self._local()
            return self._repo
        with _fetching:
            try:
                self._repo = self._from_afar()
            except GuardedError as error:
                raise refusal(self._settings.url, error) from error
            except (GitProtocolError, HangupException, NotGitRepository, OSError, KeyError) as error:
                told = f"{type(error).__name__}: {error}"[:300]
                raise SourceError(
                    "knowledge.source.unreachable", url=self._settings.url, reason=told
                ) from error
        return self._repo

    def _local(self) -> Repo:
        path = Path(self._settings.url.removeprefix("file://")).resolve()
        refuse_unallowed(path, self._bounds, str(path))
        try:
            repo = Repo(str(path))
        except (NotGitRepository, ValueError):
            raise SourceError("knowledge.source.no_repository", path=str(path)) from None
        try:
            check_places(repo, self._bounds)
        except BaseException:
            repo.close()
            raise
        return repo

    def _from_afar(self) -> Repo:
        place = self._place()
        if len(list((place / "objects" / "pack").glob("*.pack"))) > _PACKS:
            shutil.rmtree(place)
        place.mkdir(parents=True, exist_ok=True)
        repo = Repo(str(place)) if (place / "HEAD").exists() else Repo.init_bare(str(place))
        try:
            self._bring(repo, place)
        except BaseException:
            repo.close()
            raise
        return repo

    def _bring(self, repo: Repo, place: Path) -> None:
        parts = urlsplit(self._settings.url)
        client = _Client(f"{parts.scheme}://{parts.netloc}", self._secret, self._bounds, place)
        branch = f"refs/heads/{self._settings.branch}".encode() if self._settings.branch else b"HEAD"

        def wants(refs: Mapping[Any, Any], depth: int | None = None) -> list[Any]:
            if branch not in refs:
                raise _no_branch(self._settings)
            return [refs[branch]]

        result = client.fetch(parts.path, repo, determine_wants=wants, depth=1)
        head = result.refs.get(branch)  # type: ignore[call-overload]
        if head is None:
            raise _no_branch(self._settings)
        repo.refs[_HEAD] = head  # type: ignore[index]


class _Answer:
    """Of a call, as dulwich asks for it."""

    def __init__(self, status: int, headers: Mapping[str, str], body: IO[bytes]) -> None:
        self.status = status
        self.headers = headers
        self.content_type = headers.get("content-type")
        self.redirect_location = ""
        self._body = body

    def close(self) -> None:
        self._body.close()


class _Client(AbstractHttpGitClient):
    """Its calls are made by the guarded client. Redirects are not followed: a repository's address is its own."""

    def __init__(self, site: str, secret: str | None, bounds: Bounds, work: Path) -> None:
        super().__init__(site, quiet=True)
        self._guarded = GuardedClient(networks=bounds.networks, seconds=60.0)
        self._work = work
        self._site = site_of(site)
        self._authorization = _basic(secret) if secret else ""

    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,
    ) -> tuple[Any, Callable[[int], bytes]]:
        told = {"User-Agent": f"git/2.45 ({AGENT})", "Accept-Encoding": "identity", **(headers or {})}
        if self._authorization and site_of(url) == self._site:
            told["Authorization"] = self._authorization
        body = data if data is None or isinstance(data, bytes) else b"".join(data)
        into = tempfile.TemporaryFile(dir=self._work)  # noqa: SIM115 - dulwich closes it with the answer
        method = "GET" if body is None else "POST"
        try:
            fetched = self._guarded.fetch(method, url, told, body, into, most=_LARGEST, seconds=_SECONDS)
            if raise_for_status and fetched.status != 200:
                raise GitProtocolError(f"HTTP {fetched.status}")
        except BaseException:
            into.close()
            raise
        into.seek(0)
        return _Answer(fetched.status, fetched.headers, into), into.read

    def fetch_pack(
        self,
        path: Any,
        determine_wants: Any,
        graph_walker: Any,
        pack_data: Callable[[bytes], int],
        *rest: Any,
        **others: Any,
    ) -> FetchPackResult:
        """What comes is looked at before dulwich unpacks any of it."""
        with tempfile.TemporaryFile(dir=self._work) as pack:
            result = super().fetch_pack(path, determine_wants, graph_walker, pack.write, *rest, **others)
            if pack.tell():
                check_pack(pack, 32 if result.object_format == "sha256" else 20)
                pack.seek(0)
                while read := pack.read(_PIECE):
                    pack_data(read)
        return result


def _basic(secret: str) -> str:
    """A token alone goes with any name; `name:token` with that one."""
    told = secret if ":" in secret else f"x-access-token:{secret}"
    return f"Basic {base64.b64encode(told.encode()).decode()}"


def _no_branch(settings: GitSettings) -> SourceError:
    return SourceError("knowledge.source.no_branch", url=settings.url, branch=settings.branch or "HEAD")


def open_source(settings: GitSettings, secret: str | None, bounds: Bounds, known: Known) -> GitSource:
    """As every kind is opened."""
    return GitSource(settings, secret, bounds)
