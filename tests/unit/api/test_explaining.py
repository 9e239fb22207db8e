import pytest

from counterpoint.api.explaining import OPERATIONS, Question, explain
from counterpoint.directory import Directory, Host, Key, Offering, Rules
from counterpoint.directory.routes import Project
from counterpoint.i18n.complaint import Complaint

CHAT, EMBED = OPERATIONS["chat"][0], OPERATIONS["embed"][0]
DIRECTORY = Directory(
    keys={b"k": Key("id-1", "picky", "p", "o", models=("b/*",))},
    projects={"p": Project("p", "p")},
    hosts={
        "a": Host("a", "http://a", {CHAT: "/chat"}),
        "b": Host("b", "http://b", {CHAT: "/chat"}),
        "mute": Host("mute", "http://m", {EMBED: "/embed"}),
    },
    offerings=(
        Offering("a", "m", "m", capabilities=frozenset({"chat"})),
        Offering("b", "m", "m", capabilities=frozenset({"chat"})),
        Offering("mute", "e", "e", capabilities=frozenset({"embed"})),
        Offering("mute", "m", "m", capabilities=frozenset({"embed"})),
    ),
    rules=Rules(aliases=(("fast", "m"),), prefer=("b",)),
)


def test_the_preferred_host_comes_first_and_dropped_ones_last() -> None:
    found = explain(DIRECTORY, Question(requested="fast"))
    assert found.steps == ["fast", "m"]
    assert [(item.offering, item.chosen) for item in found.candidates] == [
        ("b/m", True),
        ("a/m", True),
        ("mute/m", False),
    ]


def test_what_a_key_may_not_use_is_dropped_with_a_reason() -> None:
    found = explain(DIRECTORY, Question(requested="m", key="picky"), lang="en")
    assert [(item.offering, item.chosen, item.code) for item in found.candidates][:2] == [
        ("b/m", True, "kept"),
        ("a/m", False, "not_allowed"),
    ]
    with pytest.raises(Complaint, match="no key named 'x'"):
        explain(DIRECTORY, Question(requested="m", key="x"))


def test_embedding_is_meant_where_only_that_fits() -> None:
    assert explain(DIRECTORY, Question(requested="e")).operation == "embed"
    assert explain(DIRECTORY, Question(requested="e", operation="chat")).candidates[0].chosen is False


def test_an_unknown_name_gets_the_nearest() -> None:
    found = explain(DIRECTORY, Question(requested="fasst"))
    assert found.candidates == []
    assert "fast" in found.nearest


def test_operations_that_are_relayed_are_found_too() -> None:
    known = Directory(
        hosts={"ears": Host("ears", "http://e", {"openai-transcriptions": "/audio"})},
        offerings=(Offering("ears", "whisper", "whisper", capabilities=frozenset({"transcribe"})),),
    )
    found = explain(known, Question(requested="whisper"))
    assert (found.operation, [item.chosen for item in found.candidates]) == ("transcribe", [True])
