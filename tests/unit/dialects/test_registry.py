"""Every dialect is found by the name it has itself, and offers what the gateway calls."""

import inspect

from counterpoint.dialects.base import ChatDialect, EmbedDialect
from counterpoint.dialects.registry import CHAT, EMBED


def _methods(protocol: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(protocol, inspect.isfunction) if not name.startswith("_")}


def test_names_are_the_dialects_own() -> None:
    assert all(dialect.name == name for name, dialect in CHAT.items())
    assert all(dialect.name == name for name, dialect in EMBED.items())
    assert {"openai-chat", "anthropic-messages", "openai-responses"} <= set(CHAT)
    assert {"openai-embeddings", "ollama-embed"} <= set(EMBED)


def test_every_dialect_has_every_method() -> None:
    for dialect in CHAT.values():
        assert all(callable(getattr(dialect, name)) for name in _methods(ChatDialect))
    for embed in EMBED.values():
        assert all(callable(getattr(embed, name)) for name in _methods(EmbedDialect))
        assert embed.family in CHAT


def test_no_two_dialects_have_the_same_door() -> None:
    doors = [door for dialect in CHAT.values() for door in dialect.doors]
    doors += [door for dialect in EMBED.values() for door in dialect.doors]
    places = [(door.method, door.path, door.header) for door in doors]
    assert len(places) == len(set(places))
