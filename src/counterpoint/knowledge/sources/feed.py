"""News by RSS or Atom: each entry is a document. One that the feed names no more is kept: feeds name the latest."""

import calendar
import html
import io
from collections.abc import Iterator
from typing import Any

from counterpoint.knowledge.contents import digest
from counterpoint.knowledge.sources.addresses import plain
from counterpoint.knowledge.sources.fetching import Fetching
from counterpoint.knowledge.sources.port import (
    Bounds,
    Item,
    Known,
    Ruled,
    SourceError,
    Trouble,
    VanishedError,
)
from counterpoint.knowledge.sources.settings import FeedSettings

_LARGEST = 20 << 20
_LONGEST = 500


class FeedSource:
    """Open."""

    def __init__(self, settings: FeedSettings, bounds: Bounds) -> None:
        self._url = plain(settings.url)
        self._fetching = Fetching(bounds)

    def items(self) -> Iterator[Item | Trouble]:
        """What it names now, as pages."""
        import feedparser  # noqa: PLC0415 - whoever has no feeds carries no parser of them

        answer = self._fetching.good(self._url, most=_LARGEST)
        headers = {"content-type": answer.headers.get("content-type", ""), "content-location": answer.url}
        feed = feedparser.parse(io.BytesIO(answer.body), response_headers=headers)
        if not feed.entries and not feed.version:
            raise SourceError("knowledge.source.feed_unreadable", url=self._url)
        for entry in feed.entries:
            path = str(entry.get("link") or entry.get("id") or "")
            page = _page(entry)
            if path and page:
                data = page.encode()
                title = " ".join(str(entry.get("title", "")).split())[:_LONGEST]
                yield Item(path, digest(data), len(data), "text/html", _modified(entry), title, data)

    def fetch(self, path: str, mark: str = "") -> bytes:
        """Where an entry's content was lost: as long as the feed names it."""
        for item in self.items():
            if isinstance(item, Item) and item.path == path and item.data is not None:
                return item.data
        raise VanishedError("knowledge.source.vanished")

    def rights(self) -> Iterator[Ruled | Trouble] | None:
        """A feed says nothing of them."""
        return None

    def close(self) -> None:
        """Nothing is open between two looks."""


def _page(entry: Any) -> str:
    """An entry as a page of its own; empty where it says nothing."""
    title = str(entry.get("title", "")).strip()
    bodies = [_as_html(each) for each in entry.get("content", ())]
    if not any(bodies) and entry.get("summary"):
        bodies = [_as_html(entry.get("summary_detail") or {"value": entry["summary"], "type": "text/html"})]
    told = "\n".join(body for body in bodies if body)
    if not title and not told:
        return ""
    author = html.escape(str(entry.get("author", "")))
    by = f'<meta name="author" content="{author}">' if author else ""
    # The parser has made HTML of a title's entities, and nothing that runs is left in it.
    head = f"<meta charset=utf-8><title>{title}</title>{by}"
    return f"<!doctype html><html><head>{head}</head><body><h1>{title}</h1>\n{told}</body></html>"


def _as_html(content: Any) -> str:
    value = str(content.get("value", ""))
    return f"<p>{html.escape(value)}</p>" if content.get("type") == "text/plain" and value else value


def _modified(entry: Any) -> int | None:
    # Asked past its own `get`, which takes one for the other and warns.
    moment = dict.get(entry, "updated_parsed") or dict.get(entry, "published_parsed")
    return calendar.timegm(moment) * 1_000_000 if moment else None


def open_source(settings: FeedSettings, secret: str | None, bounds: Bounds, known: Known) -> FeedSource:
    """As every kind is opened."""
    return FeedSource(settings, bounds)
