"""The pages of a web site below an address, and the documents that they link to.

What robots.txt asks is done. Where the site has maps, its pages are those that they name and the ones that the first
page links to; else links are followed as deep as was said. A page that says that it is to be found elsewhere is one
document, at that place; one that asks not to be indexed is none.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urljoin, urlsplit

import msgspec

from counterpoint.knowledge.contents import digest
from counterpoint.knowledge.sources import sitemaps
from counterpoint.knowledge.sources.addresses import linked, plain, site_of
from counterpoint.knowledge.sources.fetching import AGENT, GONE, Answer, Fetching
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
from counterpoint.knowledge.sources.robots import MOST_BYTES, Robots, robots_of
from counterpoint.knowledge.sources.settings import WebSettings

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_NO_TEXT = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript")
_NO_TEXT_NAMES = (
    *(".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".ico", ".mp3", ".mp4", ".webm", ".avi", ".mov"),
    *(".css", ".js", ".mjs", ".woff", ".woff2", ".ttf", ".zip", ".gz", ".tar", ".exe", ".dmg", ".iso"),
)
_MAPS = 200
_LINKS = 5000
"""Of one page."""


class _Page(msgspec.Struct, frozen=True):
    """What a page says to robots: links that may be followed, by what name it goes, whether it is to be indexed."""

    links: tuple[str, ...] = ()
    canonical: str = ""
    indexed: bool = True


class _RefusedError(SourceError):
    """The site does not let it be seen, now or for good."""


class WebSource:
    """Open. A look at everything takes as long as its pages and the delay between them take."""

    def __init__(self, settings: WebSettings, secret: str | None, bounds: Bounds, known: Known) -> None:
        self._settings = settings
        self._fetching = Fetching(bounds)
        self._known = known
        self._start = plain(settings.url)
        self._site = site_of(self._start)
        self._below = urlsplit(self._start).path.rpartition("/")[0] + "/"
        self._robots = Robots()
        self._last = 0.0

    def items(self) -> Iterator[Item | Trouble]:
        """As they are come upon."""
        self._robots = self._ask_robots()
        if not self._may(self._start):
            raise SourceError("knowledge.source.robots_forbid", url=self._start)
        mapped = list(self._mapped())
        ahead = deque([(self._start, 0), *((url, self._settings.depth) for url in mapped)])
        met = {url for url, _ in ahead}
        told: set[str] = set()
        looked = 0
        while ahead and looked < self._settings.most:
            url, level = ahead.popleft()
            looked += 1
            found, links = self._looked_at(url, level)
            for each in found:
                if each.path not in told or isinstance(each, Trouble):
                    told.add(each.path)
                    yield each
            if level < self._settings.depth:
                new = [link for link in links if link not in met and self._may(link)]
                met.update(new)
                ahead.extend((link, level + 1) for link in dict.fromkeys(new))

    def fetch(self, path: str, mark: str = "") -> bytes:
        """A page as it is now."""
        if not self._robots.rules:
            self._robots = self._ask_robots()
        if not self._may(path):
            raise VanishedError("knowledge.source.vanished")
        answer = self._answer(path)
        if not self._inside(plain(answer.url)):
            raise VanishedError("knowledge.source.vanished")
        return answer.body

    def rights(self) -> Iterator[Ruled | Trouble] | None:
        """A site says nothing of them."""
        return None

    def close(self) -> None:
        """Nothing is open between two requests."""

    def _looked_at(self, url: str, level: int) -> tuple[list[Item | Trouble], tuple[str, ...]]:
        last = level >= self._settings.depth
        known = self._known(url)
        try:
            answer = self._answer(url, known if last else "")
        except SourceError as error:
            if level == 0:
                raise
            if isinstance(error, VanishedError) or (isinstance(error, _RefusedError) and not known):
                return [], ()
            # Pages that only this one leads to cannot be seen either, unless it never led anywhere.
            spared = url if last or error.lasting else ""
            return [Trouble(error.reason, spared, error.values)], ()
        if answer.status == 304:
            return [Item(url, known)], ()
        if level == 0 and not self._inside(plain(answer.url)):
            raise SourceError("knowledge.source.moved", url=answer.url)
        return self._read(plain(answer.url), answer)

    def _read(self, url: str, answer: Answer) -> tuple[list[Item | Trouble], tuple[str, ...]]:
        if not self._inside(url) or answer.media_type.startswith(_NO_TEXT):
            return [], ()
        page = _page(url, answer.body) if answer.media_type in _PAGES else _Page()
        asked = answer.headers.get("x-robots-tag", "").lower()
        if not page.indexed or "noindex" in asked or not self._taken(url):
            return [], page.links
        if page.canonical and self._inside(page.canonical) and self._may(page.canonical):
            url = page.canonical
        mark = answer.mark or f"sha256 {digest(answer.body)}"
        item = Item(url, mark, len(answer.body), answer.media_type, _modified(answer), data=answer.body)
        return [item], () if "nofollow" in asked else page.links

    def _answer(self, url: str, known: str = "") -> Answer:
        """Raises `SourceError`, `VanishedError`."""
        self._wait()
        headers = {}
        if known.startswith("etag "):
            headers["If-None-Match"] = known.removeprefix("etag ")
        elif known and not known.startswith("sha256 "):
            headers["If-Modified-Since"] = known
        answer = self._fetching.get(url, headers)
        if answer.status == 304 and headers:
            return answer
        if answer.status in GONE:
            raise VanishedError("knowledge.source.vanished")
        if answer.status != 200:
            kind = _RefusedError if answer.status in {401, 403} else SourceError
            raise kind("knowledge.source.unreachable", url=url, reason=f"HTTP {answer.status}")
        return answer

    def _wait(self) -> None:
        """As long as the site and the settings want between two requests."""
        pause = self._last + max(self._settings.delay, self._robots.delay) - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._last = time.monotonic()

    def _ask_robots(self) -> Robots:
        """A site without robots.txt lets everything be asked for, one that fails to answer nothing (RFC 9309, 2.3.1).
        Raises `SourceError`."""
        url = urljoin(self._start, "/robots.txt")
        answer = self._fetching.get(url, most=MOST_BYTES * 4)
        if answer.status >= 500:
            raise SourceError("knowledge.source.unreachable", url=url, reason=f"HTTP {answer.status}")
        if answer.status != 200:
            return Robots()
        return robots_of(answer.body[:MOST_BYTES].decode("utf-8", "replace"), AGENT)

    def _mapped(self) -> Iterator[str]:
        """Pages that the site's maps name. A map that cannot be read names none."""
        ahead = deque(self._linked(self._robots.maps or ["/sitemap.xml"]))
        met = set(ahead)
        count = 0
        while ahead and len(met) <= _MAPS:
            pages, maps = self._map(ahead.popleft())
            for url in self._linked(pages):
                if count < self._settings.most and url != self._start and self._may(url):
                    count += 1
                    yield url
            new = [url for url in self._linked(maps) if url not in met]
            met.update(new)
            ahead.extend(new)

    def _map(self, url: str) -> tuple[list[str], list[str]]:
        try:
            self._wait()
            answer = self._fetching.get(url)
            return sitemaps.addresses(answer.body) if answer.status == 200 else ([], [])
        except (SourceError, ValueError):
            return [], []

    def _linked(self, told: Iterable[str]) -> list[str]:
        return [url for each in told if (url := linked(self._start, each)) is not None]

    def _inside(self, url: str) -> bool:
        return site_of(url) == self._site and (urlsplit(url).path or "/").startswith(self._below)

    def _taken(self, url: str) -> bool:
        return wanted(_readable(url), self._settings.include, self._settings.exclude)

    def _may(self, url: str) -> bool:
        """Whether to ask for it at all."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        no_text = parts.path.lower().endswith(_NO_TEXT_NAMES)
        excluded = not wanted(_readable(url), (), self._settings.exclude)
        return self._inside(url) and not no_text and not excluded and self._robots.allows(target)


def _readable(url: str) -> str:
    """A page's path as people write it in patterns."""
    return unquote(urlsplit(url).path).lstrip("/")


def _page(url: str, body: bytes) -> _Page:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - whoever lists no site carries no parser

    tree = LexborHTMLParser(body)
    base = tree.css_first("base[href]")
    below = (linked(url, base.attributes.get("href") or "") if base is not None else None) or url
    said = ",".join(
        (node.attributes.get("content") or "").lower()
        for node in tree.css("meta[name]")
        if (node.attributes.get("name") or "").lower() in {"robots", AGENT.lower()}
    )
    canonical = tree.css_first("link[rel=canonical]")
    named = linked(below, canonical.attributes.get("href") or "") if canonical is not None else None
    links: tuple[str, ...] = ()
    if "nofollow" not in said and "none" not in said:
        told = [
            node.attributes.get("href") or ""
            for node in tree.css("a[href]")[:_LINKS]
            if "nofollow" not in (node.attributes.get("rel") or "")
        ]
        links = tuple(link for href in told if (link := linked(below, href)) is not None)
    return _Page(links, named or "", "noindex" not in said and "none" not in said)


def _modified(answer: Answer) -> int | None:
    try:
        return int(parsedate_to_datetime(answer.headers["last-modified"]).timestamp()) * 1_000_000
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def open_source(settings: WebSettings, secret: str | None, bounds: Bounds, known: Known) -> WebSource:
    """As every kind is opened."""
    return WebSource(settings, secret, bounds, known)
