"""What a provider is called with, for each kind of secret."""

import json

from counterpoint.catalog.hosts import NOTHING, parse_row
from counterpoint.control.credentials.granting import asked_of, granted_for
from counterpoint.control.credentials.values import AwsPair, Grant, Source
from counterpoint.directory import Signing

ROW = parse_row(
    "cloud",
    {
        "display": "Cloud",
        "base_url": "https://{region}.cloud.example",
        "dialects": {"openai-chat": "/chat"},
        "settings": {"region": {"description": "region"}},
        "auth": ["header", "aws", "google"],
        "signing_service": "bedrock",
    },
)
SETTINGS = {"region": "eu-west-3"}


def nobody(source: Source) -> Grant:
    raise AssertionError(source)


def test_a_plain_secret_is_shown_itself() -> None:
    asked = asked_of(ROW, "s", SETTINGS)
    assert asked.plain
    assert granted_for(asked, nobody) == asked.supposed == NOTHING


def test_a_pair_signs() -> None:
    asked = asked_of(ROW, json.dumps({"access_key_id": "a", "secret_access_key": "s"}), SETTINGS)
    assert not asked.fetched
    assert granted_for(asked, nobody).signing == Signing("a", "s", "eu-west-3", "bedrock")


def test_what_is_fetched_is_a_token_or_a_pair() -> None:
    asked = asked_of(ROW, '{"type": "machine"}', SETTINGS)
    assert asked.fetched
    assert granted_for(asked, lambda _: Grant(0, "t")).token == "t"
    granted = granted_for(asked, lambda _: Grant(0, pair=AwsPair("a", "s", "x")))
    assert granted.signing == Signing("a", "s", "eu-west-3", "bedrock", "x")
    assert "eu" not in repr(asked)
