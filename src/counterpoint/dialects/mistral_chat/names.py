"""The dialect's name, the grammar that it shares, and whose field is whose.

What was decoded by the shared grammar keeps that grammar's spellings (how the same meaning was written), but its fields
are Mistral's: another dialect, OpenAI's included, must declare them lost.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from counterpoint.canonical import Extensions, Opaque, OpaqueTool
from counterpoint.dialects.openai_chat import names as grammar

GRAMMAR = grammar.NAME
NAME = "mistral-chat"
FILLING = "mistral-fim"
"""Fill-in-the-middle: the same answers, to a prompt and what comes after the gap."""
_Value = TypeVar("_Value")


def ours(value: _Value) -> _Value:
    """`value`, decoded by the shared grammar, with its fields as Mistral's."""
    owned: _Value = _owned(value, _ours, GRAMMAR, NAME)
    return owned


def mistrals(value: _Value) -> _Value:
    """An answer, decoded by the shared grammar, with its fields *and* spellings as Mistral's: a client that speaks the
    grammar as its own would take them for its own."""
    owned: _Value = _owned(value, _mistrals, GRAMMAR, NAME)
    return owned


def _mistrals(extensions: Extensions) -> Extensions:
    held = extensions.get(GRAMMAR)
    return {NAME: held} if held else extensions


def shared(value: _Value) -> _Value:
    """`ours`, undone: for the shared grammar to encode."""
    owned: _Value = _owned(value, _shared, NAME, GRAMMAR)
    return owned


def unspelled(value: _Value) -> _Value:
    """`value`, from another dialect, without how the shared grammar had written it there."""
    owned: _Value = _owned(value, _unspelled, GRAMMAR, GRAMMAR)
    return owned


def _unspelled(extensions: Extensions) -> Extensions:
    held = extensions.get(GRAMMAR)
    if not held:
        return extensions
    fields = {name: item for name, item in held.items() if name[:1] != "~" or name[:2] == "~~"}
    return {**extensions, GRAMMAR: fields}


def _ours(extensions: Extensions) -> Extensions:
    held = extensions.get(GRAMMAR)
    if not held:
        return extensions
    spelled = {name: value for name, value in held.items() if name[:1] == "~" and name[:2] != "~~"}
    fields = {name: value for name, value in held.items() if name not in spelled}
    kept = {GRAMMAR: spelled, NAME: fields}
    return {name: held for name, held in kept.items() if held}


def _shared(extensions: Extensions) -> Extensions:
    held = extensions.get(NAME)
    if not held:
        return extensions
    others = {name: value for name, value in extensions.items() if name != NAME}
    return {**others, GRAMMAR: {**others.get(GRAMMAR, {}), **held}}


def _owned(value: Any, rename: Callable[[Extensions], Extensions], before: str, after: str) -> Any:
    """`value` with every extension in it renamed, and the parts that are one dialect's alone."""
    if isinstance(value, tuple):
        items = [_owned(item, rename, before, after) for item in value]
        return tuple(items) if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if isinstance(value, Opaque | OpaqueTool):
        return msgspec.structs.replace(value, dialect=after) if value.dialect == before else value
    if not isinstance(value, msgspec.Struct):
        return value
    changes: dict[str, Any] = {}
    for name in value.__struct_fields__:
        held = getattr(value, name)
        if name == "extensions":
            renamed = rename(held) if held else held
        elif isinstance(held, tuple | msgspec.Struct):
            renamed = _owned(held, rename, before, after)
        else:
            continue
        if renamed is not held:
            changes[name] = renamed
    return msgspec.structs.replace(value, **changes) if changes else value
