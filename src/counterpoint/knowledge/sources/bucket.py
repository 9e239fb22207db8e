"""Files in an S3-compatible bucket. Two calls are enough, list and get; made here, they go where an address of people
may go, and nowhere else. Who may see what stands in `access.toml` objects, as in a folder.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

from counterpoint.knowledge.sources import access
from counterpoint.knowledge.sources.fetching import Answer, Fetching
from counterpoint.knowledge.sources.media import media_type_of
from counterpoint.knowledge.sources.patterns import wanted
from counterpoint.knowledge.sources.port import (
    Bounds,
    ChangedError,
    Item,
    Known,
    Ruled,
    SourceError,
    Trouble,
    VanishedError,
)
from counterpoint.knowledge.sources.settings import BucketSettings
from counterpoint.transport.signing.sigv4 import ALGORITHM, STAMP, Scope, signature_of

_LISTED = 32 << 20
_NOTHING = hashlib.sha256(b"").hexdigest()
_SAFE = "-_.~"


class BucketSource:
    """Open."""

    def __init__(self, settings: BucketSettings, secret: str | None, bounds: Bounds) -> None:
        self._settings = settings
        self._fetching = Fetching(bounds)
        self._prefix = f"{settings.prefix.strip('/')}/" if settings.prefix.strip("/") else ""
        endpoint = settings.endpoint.rstrip("/") or f"https://s3.{settings.region}.amazonaws.com"
        self._address = f"{endpoint}/{settings.bucket}"
        self._key_id, _, self._secret = (secret or "").partition(":")

    def items(self) -> Iterator[Item | Trouble]:
        """By key."""
        for item in self._objects():
            path = item.path
            taken = wanted(path, self._settings.include, self._settings.exclude)
            if taken and not access.is_access_file(path):
                yield item

    def fetch(self, path: str, mark: str = "") -> bytes:
        """What is there under that key now, if that is what was listed."""
        answer = self._get(self._prefix + path, "", None)
        if mark and not _is_listed(answer, mark):
            raise ChangedError("knowledge.source.changed_meanwhile")
        return answer.body

    def rights(self) -> Iterator[Ruled | Trouble]:
        """As the access objects say that are there now. All is listed twice: what they are about is looked at after
        they are."""
        rules = access.Access()
        for item in self._objects():
            if access.is_access_file(item.path):
                yield from self._learn(rules, item)
        for item in self._objects():
            if not access.is_access_file(item.path):
                yield Ruled(item.path, rules.readers(item.path), item.mark)

    def close(self) -> None:
        """Nothing is open between two calls."""

    def _learn(self, rules: access.Access, item: Item) -> Iterator[Trouble]:
        try:
            data = self._get(self._prefix + item.path, "", access.LARGEST).body
        except SourceError as error:
            data = b"\x00"
            reason = error.values.get("reason", "> 1 MB")
            yield Trouble(
                "knowledge.source.access_unreadable", item.path, {"path": item.path, "reason": reason}
            )
        wrong = rules.add(item.path, data)
        if wrong is not None:
            yield Trouble("knowledge.source.access_broken", item.path, {"path": item.path, "reason": wrong})

    def _objects(self) -> Iterator[Item]:
        """Those below the prefix, hidden ones left out; paths without the prefix."""
        token = ""
        while True:
            query = {"list-type": "2", "max-keys": "1000", "prefix": self._prefix}
            query |= {"continuation-token": token} if token else {}
            text = "&".join(f"{name}={quote(value, safe=_SAFE)}" for name, value in sorted(query.items()))
            root = self._listing(self._get("", text, _LISTED).body, token)
            for node in root:
                if _name(node) == "Contents":
                    yield from self._item({_name(each): each.text or "" for each in node})
            token = next((node.text or "" for node in root if _name(node) == "NextContinuationToken"), "")
            if not token:
                return

    def _listing(self, data: bytes, token: str) -> ET.Element:
        """One page of it. Whatever else answers (a proxy's page, a listing that breaks off) is no empty bucket: what
        is not listed would be gone. Raises `SourceError`."""
        root = _xml(data, self._address)
        told = {_name(node): (node.text or "").strip() for node in root}
        ahead = told.get("NextContinuationToken", "")
        broken = told.get("IsTruncated", "").lower() == "true" and ahead in {"", token}
        if _name(root) != "ListBucketResult" or broken:
            raise SourceError("knowledge.source.unreachable", url=self._address, reason="no whole listing")
        return root

    def _item(self, told: dict[str, str]) -> Iterator[Item]:
        path = told["Key"].removeprefix(self._prefix)
        hidden = any(part.startswith((".", "~$")) for part in path.split("/"))
        if not path or path.endswith("/") or hidden:
            return
        modified = datetime.fromisoformat(told["LastModified"])
        yield Item(
            path,
            mark=told.get("ETag", "") or told["LastModified"],
            size=int(told.get("Size", "0")),
            media_type=media_type_of(path),
            modified=int(modified.timestamp()) * 1_000_000,
        )

    def _get(self, key: str, query: str, most: int | None) -> Answer:
        path = f"/{quote(key, safe='/' + _SAFE)}" if key else ""
        url = f"{self._address}{path}" + (f"?{query}" if query else "")
        answer = self._fetching.get(url, self._signed(url), most=most)
        if answer.status == 404 and key:
            raise VanishedError("knowledge.source.vanished")
        if answer.status != 200:
            raise SourceError(
                "knowledge.source.unreachable", url=self._address, reason=_reason(answer.status, answer.body)
            )
        return answer

    def _signed(self, url: str) -> dict[str, str]:
        """What proves who asks; nothing, where there are no keys: some buckets are public. S3 wants its paths signed as
        they are on the wire, unlike all other services."""
        if not self._key_id:
            return {}
        parts = urlsplit(url)
        stamp = datetime.fromtimestamp(time.time(), UTC).strftime(STAMP)
        signed = {"host": parts.netloc, "x-amz-content-sha256": _NOTHING, "x-amz-date": stamp}
        names = ";".join(signed)
        fields = "".join(f"{name}:{value}\n" for name, value in signed.items())
        canonical = f"GET\n{parts.path}\n{parts.query}\n{fields}\n{names}\n{_NOTHING}"
        scope = Scope(stamp[:8], self._settings.region, "s3")
        signature = signature_of(canonical, stamp, scope, self._secret)
        told = f"{ALGORITHM} Credential={self._key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
        return {"x-amz-content-sha256": _NOTHING, "x-amz-date": stamp, "Authorization": told}


def _is_listed(answer: Answer, mark: str) -> bool:
    """Whether that is the object which a listing gave this mark: an ETag, or the moment where there is none."""
    try:
        listed = datetime.fromisoformat(mark)
    except ValueError:
        return _bare(answer.headers.get("etag", "")) == _bare(mark)
    try:
        modified = parsedate_to_datetime(answer.headers.get("last-modified", ""))
    except ValueError:
        return False
    return int(modified.timestamp()) == int(listed.timestamp())


def _bare(etag: str) -> str:
    return etag.strip().removeprefix("W/").strip('"')


def _xml(data: bytes, url: str) -> ET.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise SourceError("knowledge.source.unreachable", url=url, reason="declarations")
    try:
        return ET.fromstring(data)  # noqa: S314
    except ET.ParseError as error:
        raise SourceError("knowledge.source.unreachable", url=url, reason=str(error)) from error


def _reason(status: int, body: bytes) -> str:
    """S3's own word for it, such as `AccessDenied`."""
    try:
        code = next((node.text or "" for node in ET.fromstring(body) if _name(node) == "Code"), "")  # noqa: S314
    except ET.ParseError:
        code = ""
    return f"HTTP {status} {code}".strip()


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def open_source(settings: BucketSettings, secret: str | None, bounds: Bounds, known: Known) -> BucketSource:
    """As every kind is opened. `secret`: `ACCESS_KEY_ID:SECRET_ACCESS_KEY`. Raises `SourceError`."""
    return BucketSource(settings, secret, bounds)
