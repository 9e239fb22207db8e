"""`hf:<org>/<repository>[/<file>][@revision]`: a file of a repository on the model hub, or on a mirror of it.

The hub's protocol as its own client speaks it (its address is in `sources.toml`, its API is described there
under `/docs/hub/api`): a HEAD of the resolve address says commit, size and, for large files, the SHA-256
(`X-Linked-Etag`), and redirects to storage. `HF_ENDPOINT` names a mirror; `HF_TOKEN`, or the file that
`hf auth login` writes, opens private and gated repositories.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import msgspec

from counterpoint.engines.sources.base import Found, Place
from counterpoint.engines.sources.download import refused
from counterpoint.engines.sources.web import Web, header_of
from counterpoint.i18n.complaint import Complaint

_SPEC: Final = re.compile(
    r"(?P<repository>[\w.-]+/[\w.-]+)(?:/(?P<file>[^@\s]+?))?(?:@(?P<revision>[\w./-]+))?", re.ASCII
)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_FAVOURITES: Final = ("q4_k_m", "q4_0", "q8_0")
"""Of several quantisations in a repository, when the user named none: small enough to run, good enough to use."""


class HubSource:
    """One file of a repository."""

    def __init__(
        self, text: str, endpoint: str, home: str, environment: Mapping[str, str] | None = None
    ) -> None:
        match = _SPEC.fullmatch(text)
        if match is None:
            raise Complaint(
                "engines.pull.syntax",
                source=f"hf:{text}",
                form="hf:<org>/<repository>/<file>.gguf[@revision]",
            )
        environment = os.environ if environment is None else environment
        self._repository = match["repository"]
        self._file = match["file"]
        self._revision = match["revision"] or "main"
        self._endpoint = (environment.get("HF_ENDPOINT") or endpoint).rstrip("/")
        token = _token(environment, home)
        self._headers = (("Authorization", f"Bearer {token}"),) if token else ()
        # An endpoint of the operator's own may be a mirror in his network without a certificate.
        own = self._endpoint.startswith("http:")
        host = urlsplit(self._endpoint).hostname
        self._web = Web(trusted=frozenset({host}) if own and host else frozenset())

    def find(self) -> Found:
        """The file, as the hub describes it."""
        file = self._file or self._choose()
        url = f"{self._endpoint}/{self._repository}/resolve/{quote(self._revision, safe='')}/{quote(file)}"
        place = Place(url, file.rpartition("/")[2], self._web, self._headers)
        with self._web.open(url, self._headers, method="HEAD", follow=False) as answer:
            if answer.status not in {200, *_REDIRECTS}:
                raise self._refused(place, answer.status, header_of(answer, "X-Error-Code")) or refused(
                    place, answer
                )
            etag = header_of(answer, "X-Linked-Etag") or header_of(answer, "ETag") or ""
            size = header_of(answer, "X-Linked-Size")
            commit = header_of(answer, "X-Repo-Commit")
        sha256 = etag.removeprefix("W/").strip('"')
        if commit:  # the file cannot change between the description and the download
            url = f"{self._endpoint}/{self._repository}/resolve/{commit}/{quote(file)}"
        return Found(
            place=Place(
                url,
                place.filename,
                self._web,
                self._headers,
                sha256=sha256 if _SHA256.fullmatch(sha256) else None,
                size=int(size) if size and size.isdigit() else None,
            ),
            name=place.filename.removesuffix(".gguf"),
        )

    def _choose(self) -> str:
        """The only GGUF file of the repository, or a favourite among several."""
        url = f"{self._endpoint}/api/models/{self._repository}/revision/{quote(self._revision, safe='')}"
        place = Place(url, self._repository, self._web, self._headers)
        with self._web.open(url, (*self._headers, ("Accept", "application/json"))) as answer:
            if answer.status != 200:
                raise self._refused(place, answer.status, header_of(answer, "X-Error-Code")) or refused(
                    place, answer
                )
            try:
                listing = msgspec.json.decode(answer.read(), type=dict[str, Any])
            except msgspec.DecodeError as error:
                raise Complaint(
                    "engines.pull.unreadable", kind="unavailable", place=url, reason=error
                ) from error
        names = [str(entry.get("rfilename", "")) for entry in listing.get("siblings", [])]
        files = sorted(name for name in names if name.endswith(".gguf") and "mmproj" not in name.lower())
        if len(files) == 1:
            return files[0]
        for favourite in _FAVOURITES:
            for file in files:
                if favourite in file.lower():
                    return file
        raise Complaint(
            "engines.pull.choose", source=f"hf:{self._repository}/…", files=", ".join(files[:20]) or "-"
        )

    def _refused(self, place: Place, status: int, code: str | None) -> Complaint | None:
        if code == "GatedRepo" or (status in {401, 403} and not self._headers):
            return Complaint(
                "engines.pull.gated",
                kind="denied",
                repository=f"{self._endpoint}/{self._repository}",
                status=status,
            )
        return None


def _token(environment: Mapping[str, str], folder: str) -> str | None:
    token = environment.get("HF_TOKEN")
    if token:
        return token.strip()
    home = environment.get("HF_HOME") or Path(environment.get("HOME") or Path.home()) / folder
    path = Path(environment.get("HF_TOKEN_PATH") or Path(home) / "token")
    try:
        return path.read_text("ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
