"""Signatures as AWS makes them: its own published examples, and its own library as the judge of everything else."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.directory import Signing
from counterpoint.transport.signing.sigv4 import Scope, canonical_request, sign, signature_of

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
EMPTY = hashlib.sha256(b"").hexdigest()
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("query", "signature"),
    [
        ("", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ],
    ids=["get-vanilla", "get-vanilla-query-order-key-case"],
)
def test_the_test_suite_that_aws_publishes(query: str, signature: str) -> None:
    headers = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
    canonical = canonical_request("GET", "/", query, headers, ["host", "x-amz-date"], EMPTY)
    scope = Scope("20150830", "us-east-1", "service")
    assert signature_of(canonical, "20150830T123600Z", scope, SECRET) == signature


def test_the_example_of_the_documentation() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, ListUsers."""
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "host": "iam.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
    }
    canonical = canonical_request("GET", "/", "Action=ListUsers&Version=2010-05-08", headers, headers, EMPTY)
    scope = Scope("20150830", "us-east-1", "iam")
    found = signature_of(canonical, "20150830T123600Z", scope, SECRET)
    assert found == "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"


class At(SigV4Auth):  # type: ignore[misc]  # botocore ships no types
    """botocore's signer, at a time of our choice."""

    def add_auth(self, request: Any) -> None:
        self._modify_request_before_signing(request)
        canonical = self.canonical_request(request)
        text = self.string_to_sign(request, canonical)
        self._inject_signature_to_request(request, self.signature(text, request))


def botocores(method: str, url: str, headers: dict[str, str], body: bytes, signing: Signing) -> str:
    """The Authorization header that botocore makes."""
    request = AWSRequest(method, url, data=body, headers=headers)
    request.context["timestamp"] = datetime.fromtimestamp(AT, UTC).strftime("%Y%m%dT%H%M%SZ")
    keys = Credentials(signing.access_key, signing.secret, signing.session or None)
    At(keys, signing.service, signing.region).add_auth(request)
    return str(request.headers["Authorization"])


SIGNING = Signing("AKIDEXAMPLE", SECRET, "eu-central-1", "bedrock")


@pytest.mark.parametrize(
    "model",
    [
        "anthropic.claude-3-haiku-20240307-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0",
        "a b~c_d.e",
    ],
)
@pytest.mark.parametrize("session", ["", "IQoJb3JpZ2luX2VjE/+=="])
def test_model_ids_are_encoded_twice(model: str, session: str) -> None:
    """botocore writes the id's colon as %3A into the address and signs %253A."""
    url = f"https://bedrock-runtime.eu-central-1.amazonaws.com/model/{quote(model, safe='')}/converse"
    signing = Signing("AKIDEXAMPLE", SECRET, "eu-central-1", "bedrock", session)
    headers = {"content-type": "application/json", "x-amzn-bedrock-accept": "application/json"}
    made = dict(sign("POST", url, headers.items(), b'{"messages":[]}', AT, signing))
    assert made["x-amz-date"] == "20150830T123600Z"
    assert made.get("x-amz-security-token", "") == session
    assert made["authorization"] == botocores("POST", url, headers, b'{"messages":[]}', signing)


_SEGMENT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8).map(
    lambda text: quote(text, safe="-_.~")
)
_PAIR = st.tuples(_SEGMENT, _SEGMENT).map("=".join)


@given(
    path=st.lists(_SEGMENT, max_size=4).map(lambda segments: "/" + "/".join(segments)),
    query=st.lists(_PAIR, max_size=4).map("&".join),
    body=st.binary(max_size=40),
    value=st.text(" abc\t", max_size=12),
    port=st.sampled_from(["", ":8443"]),
)
def test_whatever_is_sent_is_signed_as_aws_does(
    path: str, query: str, body: bytes, value: str, port: str
) -> None:
    url = f"https://host.example{port}{path}" + (f"?{query}" if query else "")
    headers = {"X-Amz-Custom": f"a{value}", "Content-Type": "application/json"}
    made = dict(sign("POST", url, headers.items(), body, AT, SIGNING))
    assert made["authorization"] == botocores("POST", url, headers, body, SIGNING)


def test_what_changes_on_the_way_is_not_signed() -> None:
    headers = [("User-Agent", "x"), ("X-Amzn-Trace-Id", "y"), ("accept", "application/json")]
    made = dict(sign("POST", "https://host.example/", headers, b"", AT, SIGNING))
    assert "SignedHeaders=accept;host;x-amz-date," in made["authorization"]


def test_a_pair_is_never_printed() -> None:
    assert SECRET not in repr(SIGNING)
