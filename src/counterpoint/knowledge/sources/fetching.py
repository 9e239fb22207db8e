"""Documents by HTTP, from addresses that people give: to public ones, and private ones that the operator allows; each
redirect is judged like the first address. What comes back has a size and a time that it must not pass."""

from collections.abc import Mapping
from urllib.parse import quote, urljoin

import msgspec

from counterpoint.knowledge.sources.addresses import plain, site_of
from counterpoint.knowledge.sources.port import Bounds, SourceError, VanishedError
from counterpoint.transport.guarded import Fetched, GuardedClient, GuardedError, TooLargeError

AGENT = "Counterpoint"
"""By which robots.txt may speak to it."""
_HEADERS = {"User-Agent": f"{AGENT} (knowledge)", "Accept-Encoding": "identity", "Accept": "*/*"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 5
_SECONDS = 60.0
GONE = frozenset({404, 410})
"""By which a site says that there is nothing any more; it may refuse or fail for many other reasons."""
_ASCII = "".join(map(chr, range(128)))


class Answer(msgspec.Struct, frozen=True):
    """`url`: of what answered in the end."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def mark(self) -> str:
        """By which it tells that it changed; empty: it does not."""
        etag = self.headers.get("etag", "")
        return f"etag {etag}" if etag else self.headers.get("last-modified", "")


class Fetching:
    """For one source."""

    def __init__(self, bounds: Bounds) -> None:
        self._client = GuardedClient(networks=bounds.networks)
        self._largest = bounds.largest

    def get(self, url: str, headers: Mapping[str, str] | None = None, *, most: int | None = None) -> Answer:
        """Whatever it answers, but for a redirect, which is followed. Raises `SourceError`."""
        for _ in range(_HOPS + 1):
            fetched, body = self._once(url, headers or {}, most or self._largest)
            target = fetched.headers.get("location", "")
            if fetched.status not in _REDIRECTS or not target:
                return Answer(url, fetched.status, fetched.headers, body)
            there = _moved_to(url, target)
            if site_of(there) != site_of(url):
                headers = {}  # what proves to one site who asks is not for another
            url = there
        raise SourceError("knowledge.source.unreachable", url=url, reason=f"more than {_HOPS} redirects")

    def good(self, url: str, headers: Mapping[str, str] | None = None, *, most: int | None = None) -> Answer:
        """A good answer. Raises `SourceError`, or `VanishedError` where there is nothing any more."""
        answer = self.get(url, headers, most=most)
        if answer.status in GONE:
            raise VanishedError("knowledge.source.vanished")
        if answer.status != 200:
            raise SourceError("knowledge.source.unreachable", url=url, reason=f"HTTP {answer.status}")
        return answer

    def _once(self, url: str, headers: Mapping[str, str], most: int) -> tuple[Fetched, bytes]:
        try:
            return self._client.get(url, {**_HEADERS, **headers}, most=most, seconds=_SECONDS)
        except TooLargeError:
            raise SourceError("knowledge.source.too_large", lasting=True, megabytes=str(most >> 20)) from None
        except GuardedError as error:
            raise refusal(url, error) from error


def _moved_to(url: str, target: str) -> str:
    """Where a redirect leads. Its address may be in raw bytes, which are a header's characters."""
    try:
        return plain(urljoin(url, quote(target, safe=_ASCII, encoding="latin-1")))
    except ValueError:
        told = ascii(target[:200])[1:-1]
        raise SourceError("knowledge.source.leads_nowhere", lasting=True, url=url, target=told) from None


def refusal(url: str, error: GuardedError) -> SourceError:
    """Why it could not be fetched, as a source says it."""
    if error.forbidden:
        return SourceError("knowledge.source.address_not_allowed", url=url)
    return SourceError("knowledge.source.unreachable", url=url, reason=str(error))
