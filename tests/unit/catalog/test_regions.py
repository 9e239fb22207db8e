"""Where calls are computed follows from what the operator configured, or is not known."""

import pytest

from counterpoint.catalog.loading import load
from counterpoint.catalog.regions import residency
from counterpoint.directory.places import within


@pytest.mark.parametrize(
    ("host", "model", "settings", "places"),
    [
        ("bedrock", "anthropic.claude-v2:1", {"region": "eu-west-3"}, ("FR",)),
        ("bedrock", "anthropic.claude-v2:1", {}, ("DE",)),
        ("bedrock", "anthropic.claude-v2:1", {"region": "moon-1"}, ()),
        ("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", {"region": "us-east-1"}, ("EU",)),
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", {"region": "eu-west-3"}, ("US",)),
        ("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", {"region": "eu-west-3"}, ()),
        ("bedrock", "apac.amazon.nova-pro-v1:0", {"region": "eu-west-3"}, ()),
        ("vertex", "gemini-2.5-pro", {"location": "europe-west4"}, ("NL",)),
        ("vertex", "gemini-2.5-pro", {"location": "global"}, ()),
        ("vertex", "gemini-2.5-pro", {"location": "eu"}, ("EU",)),
        ("watsonx", "ibm/granite", {"region": "us-south"}, ("US",)),
        ("mistral", "mistral-large-latest", {}, ("EU",)),
        ("openrouter", "whatever", {}, ()),
    ],
)
def test_where_it_computes(host: str, model: str, settings: dict[str, str], places: tuple[str, ...]) -> None:
    assert residency(load().hosts[host], model, settings) == places


def test_a_host_that_may_compute_in_two_places_is_in_neither_alone() -> None:
    either = residency(load().hosts["openai"], "gpt-4o", {})
    assert set(either) == {"US", "EU"}
    assert not within(either, ("EU",))
    assert within(either, ("EU", "US"))


def test_no_row_no_place() -> None:
    assert residency(None, "gpt-4o", {}) == ()
