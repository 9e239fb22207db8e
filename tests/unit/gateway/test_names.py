"""Which offerings a name means, and why."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.registry import CHAT
from counterpoint.directory import Directory, Host, Key, Offering, Rules
from counterpoint.directory.routes import Route, Target
from counterpoint.gateway.names import Names, _path, allowed
from tests.unit.gateway.conversation import DIRECTORY, EMBEDDINGS, KEY, NAMES, NARROW, OPENAI

CHAT_DIALECTS = (OPENAI, "anthropic-messages")


def chosen(name: str, names: Names = NAMES) -> list[str]:
    return [item.offering.name for item in names.resolve(name, "chat", CHAT_DIALECTS).candidates]


def test_host_and_model_are_meant_exactly() -> None:
    assert chosen("gamma/both-g") == ["gamma/both-g"]
    assert chosen("local/tiny") == ["local/tiny"]


def test_a_model_unknown_to_us_at_a_known_host_is_the_hosts_to_judge() -> None:
    resolution = NAMES.resolve("alpha/brand/new:free", "chat", CHAT_DIALECTS)
    assert resolution.candidates[0].offering.id == "brand/new:free"
    assert resolution.candidates[0].offering.price is None


def test_a_local_model_that_is_not_there_is_unknown() -> None:
    assert NAMES.resolve("local/missing", "chat", CHAT_DIALECTS).considered == ()


def test_a_bare_name_means_every_host_that_has_the_model_the_preferred_first() -> None:
    assert chosen("both") == ["alpha/both-a", "gamma/both-g"]
    other = Directory(
        hosts=DIRECTORY.hosts, offerings=DIRECTORY.offerings, rules=Rules(prefer=("gamma", "alpha"))
    )
    assert chosen("both", Names(other)) == ["gamma/both-g", "alpha/both-a"]


def test_aliases_are_followed_and_shown() -> None:
    assert NAMES.resolve("claude-3-5-haiku-20241022", "chat", CHAT_DIALECTS).steps == (
        "claude-3-5-haiku-20241022",
        "tiny",
    )
    # A real offering of that name goes before any pattern.
    assert chosen("claude-x") == ["beta/claude-x"]


def test_aliases_in_a_circle_end() -> None:
    rules = Rules(aliases=(("a", "b"), ("b", "a")))
    assert chosen("a", Names(Directory(rules=rules))) == []


def test_every_offering_that_was_dropped_has_a_reason() -> None:
    resolution = NAMES.resolve("e5", "chat", CHAT_DIALECTS)
    assert [(item.kept, item.reason) for item in resolution.considered] == [
        (False, "gateway.explain.no_capability")
    ]
    resolution = NAMES.resolve("claude-x", "embed", (EMBEDDINGS,))
    assert [(item.kept, item.reason) for item in resolution.considered] == [
        (False, "gateway.explain.no_dialect")
    ]
    stray = Names(Directory(offerings=(Offering("gone", "m", "m"),)))
    assert stray.resolve("m", "chat", CHAT_DIALECTS).considered[0].reason == "gateway.explain.no_host"


def test_a_host_that_speaks_the_callers_dialect_is_spoken_to_in_it() -> None:
    both = Host("both", "https://x", {OPENAI: "/chat", "anthropic-messages": "/messages/{model}"})
    names = Names(Directory(hosts={"both": both}, offerings=(Offering("both", "m", "m"),)))
    candidate = names.resolve("m", "chat", CHAT_DIALECTS[::-1]).candidates[0]
    assert (candidate.dialect, candidate.path) == ("anthropic-messages", "/messages/m")


@pytest.mark.parametrize("own", list(CHAT))
def test_every_client_is_served_in_its_own_dialect_where_the_host_speaks_it(own: str) -> None:
    every = Host("every", "https://x", {name: f"/{name}" for name in CHAT})
    names = Names(Directory(hosts={"every": every}, offerings=(Offering("every", "m", "m"),)))
    dialects = (own, *(name for name in CHAT if name != own))
    assert names.resolve("m", "chat", dialects).candidates[0].dialect == own


def test_a_key_sees_only_what_it_may_call() -> None:
    assert {item.host for item in NAMES.visible(NARROW)} == {"alpha"}
    assert len(NAMES.visible(KEY)) == len(DIRECTORY.offerings)
    assert NAMES.find("gamma/both-g", NARROW) is None
    assert NAMES.find("gamma/both-g", KEY) is not None
    assert "gamma/both-g" not in NAMES.nearest("gamma/both", NARROW)


@given(st.sampled_from(["gpt-x", "claude-x", "tiny", "both-a"]), st.integers(0, 5))
def test_a_slip_of_the_finger_finds_the_name_again(name: str, at: int) -> None:
    slipped = name[:at] + name[at + 1 :]
    assert any(name in found for found in NAMES.nearest(slipped, KEY))


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for(name: str) -> None:
    for item in NAMES.resolve(name, "chat", CHAT_DIALECTS).candidates:
        assert allowed(KEY, (name,), item.offering)
    assert len(NAMES.nearest(name, KEY)) <= 3


def test_a_keys_list_and_an_alias_fit_names_in_any_case() -> None:
    narrow = msgspec.structs.replace(KEY, models=("Alpha/GPT-*",))
    offering = Offering(host="alpha", id="gpt-x", model="gpt-x")
    assert allowed(narrow, ("gpt-x",), offering)
    directory = msgspec.structs.replace(NAMES.directory, rules=Rules(aliases=(("best-*", "gpt-x"),)))
    assert Names(directory).resolve("Best-One", "chat", CHAT_DIALECTS).steps == ("Best-One", "gpt-x")


def test_a_model_id_amid_a_path_is_one_segment_of_it() -> None:
    assert _path("/model/{model}/converse", "a:b/c") == "/model/a%3Ab%2Fc/converse"
    assert _path("/models/{model}", "tunedModels/x:1") == "/models/tunedModels/x:1"


def test_a_host_may_serve_each_maker_in_another_dialect() -> None:
    host = Host(
        "cloud",
        "https://cloud.example",
        {"gemini-generate": "/g/{model}", "vertex-anthropic": "/a/{model}", "openai-chat": "/o"},
        serves={"gemini-generate": ("gemini-*",), "vertex-anthropic": ("claude-*",), "openai-chat": ("*/*",)},
    )
    names = Names(Directory(hosts={"cloud": host}))
    dialects = ("openai-chat", "gemini-generate", "vertex-anthropic")
    found = {
        model: [item.dialect for item in names.resolve(f"cloud/{model}", "chat", dialects).candidates]
        for model in ("gemini-3-pro", "claude-opus-5", "meta/llama", "unheard-of")
    }
    assert found == {
        "gemini-3-pro": ["gemini-generate"],
        "claude-opus-5": ["vertex-anthropic"],
        "meta/llama": ["openai-chat"],
        "unheard-of": [],
    }


def test_the_tag_that_clients_add_means_the_same() -> None:
    assert chosen("local/tiny:latest") == chosen("tiny:latest") == ["local/tiny"]
    assert chosen("alpha/brand:latest") == ["alpha/brand:latest"]  # its own host knows what it means


def test_a_host_that_does_not_speak_the_callers_dialect_is_spoken_to_in_its_first() -> None:
    host = Host("box", dialects={"ollama-chat": "/api/chat", OPENAI: "/v1/chat/completions"})
    names = Names(Directory(hosts={"box": host}))
    spoken = {
        own: names.resolve("box/m", "chat", (own, *(name for name in CHAT if name != own)))
        .candidates[0]
        .dialect
        for own in (OPENAI, "ollama-chat", "gemini-generate")
    }
    assert spoken == {OPENAI: OPENAI, "ollama-chat": "ollama-chat", "gemini-generate": "ollama-chat"}


def test_routes_are_open_to_keys_by_their_names_and_their_targets() -> None:
    routes = (Route("one", targets=(Target("both"),)), Route("two", targets=(Target("tiny"),)))
    names = Names(Directory(hosts=DIRECTORY.hosts, offerings=DIRECTORY.offerings, routes=routes))
    assert [route.name for route in names.open_routes(KEY)] == ["one", "two"]
    by_name = Key("k", "k", "p", "o", models=("tw*",))
    assert [route.name for route in names.open_routes(by_name)] == ["two"]
    by_target = Key("k", "k", "p", "o", models=("both",))
    assert [route.name for route in names.open_routes(by_target)] == ["one"]
    assert "one" in names.nearest("onne", KEY)


def test_an_alias_may_lead_to_a_route() -> None:
    rules = Rules(aliases=(("gpt-*", "one"),))
    names = Names(Directory(routes=(Route("one", targets=(Target("both"),)),), rules=rules))
    found = names.resolve("gpt-5", "chat", CHAT_DIALECTS)
    assert (found.route, found.steps, found.candidates) == ("one", ("gpt-5", "one"), ())


def test_a_model_that_no_list_has_is_where_its_host_is() -> None:
    host = Host(
        "far", "http://far", {OPENAI: "/"}, residency=("US",), jurisdiction="US", data_classes=("public",)
    )
    (candidate,) = Names(Directory(hosts={"far": host})).resolve("far/new", "chat", CHAT_DIALECTS).candidates
    found = candidate.offering
    assert (found.residency, found.jurisdiction, found.data_classes) == (("US",), "US", ("public",))
