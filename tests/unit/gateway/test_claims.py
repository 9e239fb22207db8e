"""Who a caller says he is, and whether it is so; AWS's own library signs."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.directory import Key
from counterpoint.directory.keytext import digest_of, digest_of_pair, make_pair
from counterpoint.gateway.claims import claim_of, presented_key, refusal_of

ACCESS_KEY, SECRET = make_pair()
KEY = Key("k1", "ci", "p1", "o1", pair_secret=SECRET)
URL = f"http://gateway.example:8600/model/{quote('anthropic.claude-3-haiku-20240307-v1:0', safe='')}/converse"


class Came(msgspec.Struct):
    """A request as the server hands it over."""

    method: str
    path: str
    query: str
    headers: dict[bytes, bytes]
    body: bytes


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ({b"authorization": b"Bearer abc"}, b"abc"),
        ({b"authorization": b"bearer  abc "}, b"abc"),
        ({b"x-api-key": b"abc"}, b"abc"),
        ({b"api-key": b"abc"}, b"abc"),
        ({b"authorization": b"Bearer abc", b"x-api-key": b"other"}, b"abc"),
        ({b"authorization": b"Basic abc", b"x-api-key": b"other"}, b"other"),
        ({b"authorization": b"Bearer "}, None),
        ({}, None),
    ],
)
def test_the_key_is_found_wherever_an_sdk_puts_it(headers: dict[bytes, bytes], key: bytes | None) -> None:
    assert presented_key(headers) == key
    claim = claim_of(headers)
    assert (
        (claim.shown.encode(), claim.digest) == (key, digest_of(key.decode())) if key and claim else not claim
    )


def signed(
    url: str = URL,
    body: bytes = b'{"messages":[]}',
    secret: str = SECRET,
    access_key: str = ACCESS_KEY,
    session: str | None = None,
    **headers: str,
) -> Came:
    """As botocore signs it now."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest("POST", url, data=body, headers={"content-type": "application/json", **given})
    SigV4Auth(Credentials(access_key, secret, session), "bedrock", "eu-central-1").add_auth(request)
    parts = urlsplit(url)
    sent = {name.lower().encode(): str(value).encode() for name, value in request.headers.items()}
    sent[b"host"] = parts.netloc.encode()
    return Came("POST", parts.path, parts.query, sent, body)


def code(came: Came, key: Key | None = KEY, at: float | None = None) -> str | None:
    claim = claim_of(came.headers)
    assert claim is not None
    now = datetime.now(UTC).timestamp() if at is None else at
    failure = refusal_of(claim, key, came, now, "en")
    if failure is None:
        return None
    assert failure.http_status in (401, 403)
    assert SECRET not in failure.message
    return failure.code


MISMATCH = "InvalidSignatureException"


def test_a_call_signed_with_a_pair_of_ours_opens() -> None:
    came = signed()
    claim = claim_of(came.headers)
    assert claim is not None
    assert claim.digest == digest_of_pair(ACCESS_KEY)
    assert code(came) is None
    assert code(signed(session="whatever the environment had")) is None


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


@given(model=_TEXT, name=_TEXT, value=_TEXT, body=st.binary(max_size=50))
def test_whatever_botocore_signs_is_understood(model: str, name: str, value: str, body: bytes) -> None:
    url = f"http://gateway.example/model/{quote(model, safe='')}/invoke?{quote(name, safe='')}={quote(value, safe='')}"
    assert code(signed(url, body)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda came: setattr(came, "body", came.body + b" "),
        lambda came: setattr(came, "path", came.path + "-stream"),
        lambda came: setattr(came, "query", "a=b"),
        lambda came: setattr(came, "method", "PUT"),
        lambda came: came.headers.update({b"host": b"elsewhere.example"}),
        lambda came: came.headers.update({b"content-type": b"text/plain"}),
    ],
    ids=["body", "path", "query", "method", "host", "header"],
)
def test_nothing_that_was_signed_may_change(change: Any) -> None:
    came = signed()
    change(came)
    assert code(came) == MISMATCH


def test_another_secret_signs_otherwise() -> None:
    assert code(signed(secret="wrong")) == MISMATCH
    assert code(signed(), msgspec.structs.replace(KEY, pair_secret=make_pair()[1])) == MISMATCH


def test_what_is_not_signed_is_not_believed() -> None:
    came = signed()
    came.headers[b"x-amz-target"] = b"Something"  # as somebody on the way might add
    assert code(came) == MISMATCH
    came = signed()
    del came.headers[b"content-type"]
    assert code(came) == MISMATCH


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24])
def test_a_call_is_good_for_minutes_only(minutes: int) -> None:
    came = signed()
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert code(came, at=at.timestamp()) == MISMATCH


def test_the_body_may_be_left_out_by_name_only() -> None:
    came = signed(x_amz_content_sha256="UNSIGNED-PAYLOAD")
    came.body = b"another"
    assert code(came) is None
    assert code(signed(x_amz_content_sha256="0" * 64)) == MISMATCH
    assert code(signed(x_amz_content_sha256="STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) == MISMATCH


def test_an_unknown_or_bare_key_signs_nothing() -> None:
    assert code(signed(), None) == "UnrecognizedClientException"
    assert code(signed(), Key("k1", "ci", "p1", "o1")) == "UnrecognizedClientException"


def test_half_of_a_pair_is_no_key() -> None:
    """Even if the directory's entry for a pair were found under what was shown."""
    came = Came("POST", "/v1/chat/completions", "", {b"authorization": b"Bearer " + ACCESS_KEY.encode()}, b"")
    assert code(came) == "invalid_api_key"
    claim = claim_of(came.headers)
    assert claim is not None
    assert claim.digest != digest_of_pair(ACCESS_KEY)


def test_an_expired_key_signs_nothing() -> None:
    assert code(signed(), msgspec.structs.replace(KEY, expires=1.0)) == "expired_api_key"


@given(
    text=st.text(max_size=80) | st.text("Credential=/,;Signature aws4_request SignedHeaders", max_size=120)
)
def test_any_authorization_gives_an_answer(text: str) -> None:
    came = signed()
    came.headers[b"authorization"] = b"AWS4-HMAC-SHA256 " + text.encode()
    assert code(came) in {"IncompleteSignatureException", MISMATCH}


@pytest.mark.parametrize(
    "authorization",
    [
        "Credential=a/20150830/r/s/aws4_request, SignedHeaders=host;a, Signature=x",
        "Credential=a/20150830/r/s/aws4_request, SignedHeaders=host, Signature=x, Signature=y",
        "Credential=/20150830/r/s/aws4_request, SignedHeaders=host, Signature=x",
        "Credential=a, SignedHeaders=host, Signature=x",
        f"Credential={ACCESS_KEY}/20150830/r/s/aws4_request, SignedHeaders=host;x-amz-date, Signature=x",
    ],
)
def test_a_signature_that_is_none_is_told_apart_from_a_wrong_one(authorization: str) -> None:
    came = signed()
    came.headers[b"authorization"] = b"AWS4-HMAC-SHA256 " + authorization.encode()
    assert code(came) == "IncompleteSignatureException"


@pytest.mark.parametrize(
    ("headers", "query", "shown"),
    [
        ({}, "alt=sse&key=abc", "abc"),
        ({}, "key=a%2Bb", "a+b"),
        ({b"x-goog-api-key": b"other"}, "key=abc", "other"),
        ({}, "monkey=abc", None),
        ({}, "key=", None),
        ({}, "", None),
    ],
)
def test_the_key_may_stand_in_the_address(headers: dict[bytes, bytes], query: str, shown: str | None) -> None:
    claim = claim_of(headers, query)
    assert (claim.shown if claim else None) == shown
