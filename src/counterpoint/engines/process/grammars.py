"""Grammars that leave the model no way to write anything but what was asked for.

The runtime's grammar engine is llguidance: Lark rules with JSON schemas inside. It has one trap: handed a
grammar that it cannot compile, llama.cpp reports so on standard error and generates *without* any constraint.
So every grammar is compiled here first, by the same engine's own package, and a schema that it has no way to
enforce is refused with its reason.
"""

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from counterpoint.canonical import ChatRequest, Failure, FailureKind, Tool
from counterpoint.canonical.errors import Refused
from counterpoint.engines.process.prompts import TemplateFacts
from counterpoint.engines.process.tooling import (
    CALL_CLOSE,
    CALL_OPEN,
    RESULT_OPEN,
    callable_tools,
    parameters_of,
)
from counterpoint.i18n import say

MOST_CALLS: Final = 16
MOST_ITEMS: Final = 20_000
"""Items that a schema may count to in all: to a hundred thousand, the engine takes a second and 200 MB, to a
milliard all memory there is."""
_COUNTS: Final = frozenset({"minItems", "maxItems", "minProperties", "maxProperties"})
CACHED: Final = 65_536
_HEADER: Final = "%llguidance {}\n"
_ANY: Final = "(.|\\n)*"
# Free white space lets a weak model write line feeds for ever; these separators are what models write anyway.
_STYLE: Final = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}


class Grammar(NamedTuple):
    """A grammar, and what of the request's schemas it does not enforce (in the engine's words)."""

    text: str
    unenforced: tuple[str, ...] = ()


def grammar_of(request: ChatRequest, facts: TemplateFacts) -> Grammar | None:
    """The grammar for the answer; `None` when any text will do. Raises `Refused` for an unenforceable schema.

    With tools that the model may or may not call, the text is free until it opens a call; from there on the
    grammar holds its hand, so a call, if it comes, is a valid one.
    """
    tools = callable_tools(request)
    schema = _output_schema(request)
    if not tools and schema is None:
        return None
    choice = request.tool_choice.mode if request.tool_choice is not None else "auto"
    rules = _Rules()
    if tools:
        rules.calls(tools)
    if tools and choice in {"required", "tool"}:
        # A small model repeats itself when it may go on: several forced calls only for who asks for them.
        several = choice == "required" and request.parallel_tool_calls is True
        body = "first" + (_again(MOST_CALLS - 1) if several else "")
    elif tools:
        more = _again(MOST_CALLS - 1) if request.parallel_tool_calls is not False else ""
        if schema is None:
            body = f"(spoken rest{more} | free)"
            rules.free_text()
        else:
            body = f"(first{more} | answer)"
    else:
        body = "answer"
    if schema is not None and "answer" in body:
        rules.json("answer", schema, request.output.strict if request.output is not None else None)
    if facts.thinks:
        body = f"thinking SPACE {body}"
        rules.add("thinking: THINKING", f"THINKING: {_up_to('</think>')}", "SPACE: /\\s*/")
    ends = " | ".join(f"<[{token}]>" for token in facts.ends)
    end = f" ({ends})?" if ends else ""
    return rules.grammar(f"start: {body}{end}")


class _Rules:
    """Lark rules as they are gathered."""

    def __init__(self) -> None:
        self._rules: list[str] = []
        self._unenforced: list[str] = []

    def add(self, *rules: str) -> None:
        self._rules.extend(rules)

    def json(self, name: str, schema: object, strict: bool | None) -> None:
        """A rule for JSON that `schema` accepts. What the engine cannot enforce of it is let go, unless the
        caller insists (`strict`)."""
        count = _counted(schema)
        if count > MOST_ITEMS:
            raise _refused(say("engines.schema_items", lang="en", count=count, most=MOST_ITEMS))
        text = _styled(schema)
        objection = _objection(f"{_HEADER}start: %json {text}")
        if objection and strict is not True:
            lenient = _styled(schema, lenient=True)
            if not _objection(f"{_HEADER}start: %json {lenient}"):
                self._unenforced.append(objection)
                text, objection = lenient, ""
        if objection:
            raise _refused(objection)
        self._rules.append(f"{name}: %json {text}")

    def calls(self, tools: tuple[Tool, ...]) -> None:
        """`first` is a call, `rest` is one whose opening was written already."""
        choices = " | ".join(f"call_{index}" for index in range(len(tools)))
        self.add(
            f"first: {_literal(CALL_OPEN)} rest",
            f"rest: ({choices}) {_literal('}' + CALL_CLOSE)}",
        )
        for index, tool in enumerate(tools):
            opening = f'{{"name": {_literal(tool.name)}, "arguments": '
            self.add(f"call_{index}: {_literal(opening)} arguments_{index}")
            self.json(f"arguments_{index}", parameters_of(tool), tool.strict)

    def free_text(self) -> None:
        """`free` is text without a call. `spoken` is text, perhaps none, up to and with the opening of the first
        call: one token of the lexer, as it is greedy and would otherwise take the opening for text."""
        marker = CALL_OPEN.strip()
        self.add(
            "free: FREE",
            f"FREE: {_without(marker, RESULT_OPEN)}",
            "spoken: SPOKEN",
            f"SPOKEN: {_up_to(CALL_OPEN)} & {_without(RESULT_OPEN)} & ~/{_ANY}{marker}[^\\n]{_ANY}/",
        )

    def grammar(self, start: str) -> Grammar:
        text = _HEADER + "\n".join([start, *self._rules]) + "\n"
        objection = _objection(text)
        if objection:
            raise _refused(objection)
        return Grammar(text, tuple(self._unenforced))


def _output_schema(request: ChatRequest) -> Mapping[str, Any] | None:
    output = request.output
    if output is None or output.kind == "text":
        return None
    return output.schema if output.schema is not None else {"type": "object"}


def _again(most: int) -> str:
    return f' ("\\n"? first){{0,{most}}}'


def _without(*markers: str) -> str:
    """Any text, even none, in which none of `markers` occurs."""
    return f"/{_ANY}/ & ~/{_ANY}({'|'.join(_escaped(marker) for marker in markers)}){_ANY}/"


def _up_to(marker: str) -> str:
    """Any text, even none, and then `marker` for the first time."""
    return f"/{_ANY}{_escaped(marker)}/ & ~/{_ANY}{_escaped(marker)}(.|\\n)+/"


def _escaped(text: str) -> str:
    return text.replace("/", "\\/").replace("\n", "\\n")


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _styled(schema: object, *, lenient: bool = False) -> str:
    if not isinstance(schema, Mapping):
        return json.dumps(schema)
    return json.dumps({**schema, "x-guidance": {**_STYLE, "lenient": lenient}}, ensure_ascii=False)


def _counted(schema: object) -> int:
    """How many items or properties `schema` counts to, in all its parts."""
    count, waiting = 0, [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            count += sum(int(value[name]) for name in _COUNTS & value.keys() if _is_count(value[name]))
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
    return count


def _is_count(value: object) -> bool:
    return isinstance(value, int | float) and 0 < value < math.inf


def _objection(grammar: str) -> str:
    return _known_objection(grammar) if len(grammar) <= CACHED else _new_objection(grammar)


def _new_objection(grammar: str) -> str:
    from llguidance import LLMatcher  # noqa: PLC0415 - native; only calls with a grammar need it

    # The first line says what is wrong; the rest shows where, in a text that the caller never wrote.
    return " ".join(str(LLMatcher.validate_grammar(grammar)).split("\n")[0].split())


_known_objection = lru_cache(maxsize=512)(_new_objection)


def _refused(objection: str) -> Refused:
    return Refused(
        Failure(
            FailureKind.unsupported,
            say("engines.schema", lang="en", reason=objection),
            code="unsupported_schema",
            from_upstream=True,
        )
    )
