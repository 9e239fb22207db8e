"""AWS Signature Version 4, both ways: signing calls to AWS, and the steps that verifying a client's call repeats.

Pure: the time is an argument. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urlsplit

import msgspec

from counterpoint.directory.values import Signing

ALGORITHM = "AWS4-HMAC-SHA256"
STAMP = "%Y%m%dT%H%M%SZ"
UNSIGNED = "UNSIGNED-PAYLOAD"
_UNRESERVED = "-_.~"
_NEVER_SIGNED = frozenset({"connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"})
"""Headers that something on the way may change (as botocore leaves them out)."""

Headers = tuple[tuple[str, str], ...]


class Scope(msgspec.Struct, frozen=True):
    """What a signing key is good for: one day, region and service."""

    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def sign(
    method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes, at: float, signing: Signing
) -> Headers:
    """The headers to add to a call. `url`: percent-encoded, as it goes over the wire. `headers`: those that go with
    it, which are signed too; the host is taken from `url`. `at`: seconds since the epoch."""
    parts = urlsplit(url)
    stamp = datetime.fromtimestamp(at, UTC).strftime(STAMP)
    added = [("x-amz-date", stamp)]
    if signing.session:
        added.append(("x-amz-security-token", signing.session))
    signed: dict[str, str] = {"host": parts.netloc.rpartition("@")[2]}
    for name, value in (*headers, *added):
        key = name.lower()
        if key not in _NEVER_SIGNED:
            signed[key] = f"{signed[key]},{value}" if key in signed and key != "host" else value
    names = sorted(signed)
    scope = Scope(stamp[:8], signing.region, signing.service)
    canonical = canonical_request(
        method, parts.path, parts.query, signed, names, hashlib.sha256(body).hexdigest()
    )
    signature = signature_of(canonical, stamp, scope, signing.secret)
    credential = f"{signing.access_key}/{scope}"
    authorization = (
        f"{ALGORITHM} Credential={credential}, SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    return (*added, ("authorization", authorization))


def canonical_request(
    method: str, path: str, query: str, headers: Mapping[str, str], names: Iterable[str], payload: str
) -> str:
    """The text whose digest is signed. `path`, `query`: as on the wire. `headers`: by lower-case name. `payload`: the
    body's digest in hexadecimal, or a word that stands for it."""
    names = list(names)
    fields = [f"{name}:{' '.join(headers[name].split())}\n" for name in names]
    return "\n".join(
        [method, _canonical_path(path), _canonical_query(query), "".join(fields), ";".join(names), payload]
    )


def signature_of(canonical: str, stamp: str, scope: Scope, secret: str) -> str:
    """The signature in hexadecimal."""
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}"
    key = _signing_key(secret, scope)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=256)
def _signing_key(secret: str, scope: Scope) -> bytes:
    """Good for a day, and four digests to make."""
    key = ("AWS4" + secret).encode()
    for word in (scope.date, scope.region, scope.service, "aws4_request"):
        key = hmac.digest(key, word.encode(), "sha256")
    return key


@lru_cache(maxsize=1024)
def _canonical_path(path: str) -> str:
    """Encoded once more than on the wire, as every service but S3 wants it: the `:` of a model's id, `%3A` on the
    wire, is signed as `%253A`. Dots and empty segments are resolved (RFC 3986, 5.2.4)."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments[-1:] = []
        elif segment and segment != ".":
            segments.append(segment)
    last = path.rpartition("/")[2]
    ended = "/" if segments and last in {"", ".", ".."} else ""
    return quote("/" + "/".join(segments) + ended, safe="/" + _UNRESERVED)


def _canonical_query(query: str) -> str:
    """Names and values encoded the one way that AWS encodes them, and sorted by both."""
    if not query:
        return ""
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    return "&".join(
        f"{name}={value}" for name, value in sorted((_encoded(n), _encoded(v)) for n, _, v in pairs)
    )


def _encoded(text: str) -> str:
    return quote(unquote_to_bytes(text), safe=_UNRESERVED)
