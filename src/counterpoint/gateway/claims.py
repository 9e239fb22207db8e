"""Who a caller says he is, and whether that is so: the one place where the gateway decides it.

A caller shows a key, or signs his call with the key pair of one (AWS Signature Version 4, as AWS's own SDKs do and
can do no other way). Pure: the time is an argument.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qs

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.directory import Key
from counterpoint.directory.keytext import digest_of, digest_of_pair, is_mistyped
from counterpoint.gateway import refusals
from counterpoint.i18n import say
from counterpoint.transport.signing.sigv4 import (
    ALGORITHM,
    STAMP,
    UNSIGNED,
    Scope,
    canonical_request,
    signature_of,
)

SKEW = 300.0
"""Seconds that a signer's clock may be off, as at AWS
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html)."""

_KEY_HEADERS = (b"x-api-key", b"api-key", b"x-goog-api-key")
_SCHEME = ALGORITHM.encode() + b" "
_MOST_NAMES = 100


class Sent(Protocol):
    """What was sent, as it came: `path` and `query` percent-encoded still, header names in lower case."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def query(self) -> str: ...

    @property
    def headers(self) -> Mapping[bytes, bytes]: ...

    @property
    def body(self) -> bytes: ...


class Signature(msgspec.Struct, frozen=True):
    """A signature and what it says of itself; `flaw`: why it is none."""

    access_key: str = ""
    scope: Scope = Scope("", "", "")
    names: tuple[str, ...] = ()
    value: str = ""
    flaw: str = ""


class Claim(msgspec.Struct, frozen=True, gc=False):
    """`digest`: under which the directory has the key, if it is one of ours. `shown`: the key that was sent, or the
    public half of the pair that was signed with."""

    digest: bytes
    shown: str
    signature: Signature | None = None


def claim_of(headers: Mapping[bytes, bytes], query: str = "") -> Claim | None:
    """What these headers, or the query of the address, say of the caller, if anything."""
    authorization = headers.get(b"authorization")
    if authorization is not None and authorization.startswith(_SCHEME):
        signature = _signature(authorization[len(_SCHEME) :].decode("latin-1"))
        return Claim(digest_of_pair(signature.access_key), signature.access_key, signature)
    presented = presented_key(headers) or key_in(query)
    if presented is None:
        return None
    text = presented.decode("utf-8", "surrogateescape")
    return Claim(digest_of(text), text)


def presented_key(headers: Mapping[bytes, bytes]) -> bytes | None:
    """The key that the caller sent, wherever its SDK puts it: a bearer token, or a header of its own."""
    authorization = headers.get(b"authorization")
    if authorization is not None and authorization[:7].lower() == b"bearer ":
        return authorization[7:].strip() or None
    return next((headers[name] for name in _KEY_HEADERS if headers.get(name)), None)


def key_in(query: str) -> bytes | None:
    """The key in `?key=…`, where clients of Google's APIs may put it
    (https://cloud.google.com/docs/authentication/api-keys-use)."""
    if "key=" not in query:
        return None
    found = parse_qs(query).get("key")
    return found[0].encode() if found else None


def refusal_of(claim: Claim, key: Key | None, sent: Sent, at: float, lang: str) -> Failure | None:
    """Why `claim` does not open `key`, which the directory has under its digest; `None`: it does. `at`: seconds
    since the epoch."""
    if claim.signature is not None:
        flaw = _unsigned(claim.signature, key, sent, at, lang)
        if flaw is not None:
            return flaw
    elif key is None or key.pair_secret:  # what is half of a pair opens nothing when it is merely shown
        refusal = refusals.mistyped_key if is_mistyped(claim.shown) else refusals.unknown_key
        return refusal(lang, shown=claim.shown.encode("utf-8", "replace").decode()[:6])
    if key is not None and key.expires is not None and at >= key.expires:
        return refusals.expired_key(lang, name=key.name, expires=key.expires)
    return None


def _signature(text: str) -> Signature:
    """Its three fields, in any order, as AWS's SDKs write them."""
    fields: dict[str, str] = {}
    for field in text.split(","):
        name, equals, value = field.strip().partition("=")
        if not equals or name in fields:
            return Signature(flaw="fields")
        fields[name] = value
    if fields.keys() != {"Credential", "SignedHeaders", "Signature"}:
        return Signature(flaw="fields")
    credential = fields["Credential"].rsplit("/", 4)
    names = tuple(fields["SignedHeaders"].split(";"))
    if len(credential) != 5 or credential[4] != "aws4_request" or not credential[0]:
        return Signature(flaw="credential")
    if list(names) != sorted({name.lower() for name in names}) or len(names) > _MOST_NAMES:
        return Signature(credential[0], flaw="order")
    return Signature(credential[0], Scope(*credential[1:4]), names, fields["Signature"])


def _unsigned(signature: Signature, key: Key | None, sent: Sent, at: float, lang: str) -> Failure | None:
    """Why the call is not signed as it must be."""
    if signature.flaw:
        return _flaw(
            "gateway.signature.incomplete", "IncompleteSignatureException", lang, what=signature.flaw
        )
    if key is None or not key.pair_secret:
        return _flaw(
            "gateway.signature.unknown_pair",
            "UnrecognizedClientException",
            lang,
            shown=signature.access_key[:20],
        )
    headers = {
        name.decode("latin-1"): value.decode("utf-8", "replace") for name, value in sent.headers.items()
    }
    named = set(signature.names)
    missing = (
        (named - headers.keys())
        | ({"host"} - named)
        | {name for name in headers if name.startswith("x-amz-") and name not in named}
    )
    if missing:
        names = ", ".join(sorted(missing)[:5])
        return _flaw("gateway.signature.headers", "InvalidSignatureException", lang, names=names)
    stamp = headers.get("x-amz-date", "")
    late = _lateness(stamp, signature.scope, at)
    if late is None:
        return _flaw("gateway.signature.incomplete", "IncompleteSignatureException", lang, what="date")
    if abs(late) > SKEW:
        now = datetime.fromtimestamp(at, UTC).strftime(STAMP)
        return _flaw(
            "gateway.signature.skew",
            "InvalidSignatureException",
            lang,
            stamp=stamp,
            now=now,
            minutes=int(SKEW / 60),
        )
    digest = hashlib.sha256(sent.body).hexdigest()
    payload = headers.get("x-amz-content-sha256", digest)
    if payload.startswith("STREAMING-"):
        return _flaw("gateway.signature.chunked", "InvalidSignatureException", lang, value=payload[:60])
    if payload not in {digest, UNSIGNED}:
        return _flaw("gateway.signature.body", "InvalidSignatureException", lang)
    canonical = canonical_request(sent.method, sent.path, sent.query, headers, signature.names, payload)
    made = signature_of(canonical, stamp, signature.scope, key.pair_secret)
    if not hmac.compare_digest(made.encode(), signature.value.encode("latin-1", "replace")):
        return _flaw("gateway.signature.mismatch", "InvalidSignatureException", lang)
    return None


def _lateness(stamp: str, scope: Scope, at: float) -> float | None:
    """Seconds between the signer's time and ours; `None`: it says none, or not the same twice."""
    try:
        signed = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at - signed.timestamp() if stamp[:8] == scope.date else None


def _flaw(sentence: str, code: str, lang: str, **values: Any) -> Failure:
    """With the code and the status that AWS's services give (Amazon Bedrock, "Common errors"), which its SDKs know."""
    message = say(sentence, lang=lang, **values)
    return Failure(kind=FailureKind.authentication, message=message, code=code, status=403)
