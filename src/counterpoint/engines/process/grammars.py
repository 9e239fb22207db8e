"""Grammars that leave the model no way to write anything but what was asked for.

The runtime's grammar engine is llguidance: Lark rules with JSON schemas inside. It has one trap: handed a
grammar that it cannot compile, llama.cpp reports so on standard error and generates *without* any constraint.
So every grammar is compiled here first, by the same engine's own package, and a schema that it has no way to
enforce is refused with its reason.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from counterpoint.canonical import ChatRequest, Failure, FailureKind, Tool
from counterpoint.canonical.errors import Refused
from counterpoint.engines.process.prompts import TemplateFacts
from counterpoint.engines.process.tooling import CALL_CLOSE, CALL_OPEN, callable_tools, parameters_of
from counterpoint.i18n import say

MOST_CALLS: Final = 16
_HEADER: Final = "%llguidance {}\n"
# Free white space lets a weak model write line feeds for ever; these separators are what models write anyway.
_STYLE: Final = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}


def grammar_of(request: ChatRequest, facts: TemplateFacts) -> str | None:
    """The grammar for the answer; `None` when any text will do. Raises `Refused` for an unenforceable schema.

    With tools that the model may or may not call, the text is free until it opens a call; from there on the
    grammar holds its hand, so a call, if it comes, is a valid one.
    """
    tools = callable_tools(request)
    choice = request.tool_choice.mode if request.tool_choice is not None else "auto"
    rules: list[str] = []
    if tools:
        rules.append(_calls(tools))
    forced = bool(tools) and choice in {"required", "tool"}
    schema = _output_schema(request)
    if forced:
        many = request.parallel_tool_calls is True and choice == "required"
        body = f"call{_times(MOST_CALLS - 1) if many else ''}"
    elif tools:
        more = _times(MOST_CALLS) if request.parallel_tool_calls is not False else " call?"
        body = f"text{more}" if schema is None else f"(answer | call{more})"
    elif schema is not None:
        body = "answer"
    else:
        return None
    if schema is not None and not forced:
        rules.append(f"answer: %json {_schema(schema)}")
    if facts.thinks:
        body = f'thinking "</think>" /\\s*/ {body}'
        rules.append(_without("thinking", "</think>"))
    if tools and not forced:
        rules.append(_without("text", CALL_OPEN.strip()))
    ends = "".join(f" | <[{token}]>" for token in facts.ends)
    end = f" ({ends.removeprefix(' | ')})?" if ends else ""
    grammar = f"{_HEADER}start: {body}{end}\n" + "\n".join(rules) + "\n"
    _compile(grammar)
    return grammar


def _output_schema(request: ChatRequest) -> Mapping[str, Any] | None:
    output = request.output
    if output is None or output.kind == "text":
        return None
    return output.schema if output.schema is not None else {"type": "object"}


def _calls(tools: tuple[Tool, ...]) -> str:
    lines = [f"call: {_literal(CALL_OPEN)} one {_literal('}' + CALL_CLOSE)}"]
    lines.append("one: " + " | ".join(f"call_{index}" for index in range(len(tools))))
    for index, tool in enumerate(tools):
        opening = f'{{"name": {json.dumps(tool.name, ensure_ascii=False)}, "arguments": '
        lines.append(f"call_{index}: {_literal(opening)} arguments_{index}")
        lines.append(f"arguments_{index}: %json {_schema(parameters_of(tool))}")
    return "\n".join(lines)


def _times(most: int) -> str:
    return f' ("\\n"? call){{0,{most}}}'


def _without(rule: str, marker: str) -> str:
    """Any text in which `marker` does not occur. `text` begins a turn, so it may be empty."""
    name = rule.upper()
    any_text = "(.|\\n)*"
    escaped = marker.replace("/", "\\/")
    return f"{rule}: {name}\n{name}: /{any_text}/ & ~/{any_text}{escaped}{any_text}/"


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _schema(schema: object) -> str:
    if not isinstance(schema, Mapping):
        return json.dumps(schema)
    style = {**_STYLE, **(schema.get("x-guidance") or {})}
    return json.dumps({**schema, "x-guidance": style}, ensure_ascii=False)


@lru_cache(maxsize=256)
def _objection(grammar: str) -> str:
    from llguidance import LLMatcher  # noqa: PLC0415 - native; only calls with a grammar need it

    return str(LLMatcher.validate_grammar(grammar))


def _compile(grammar: str) -> None:
    objection = _objection(grammar)
    if objection:
        raise Refused(
            Failure(
                FailureKind.unsupported,
                say("engines.schema", lang="en", reason=" ".join(objection.split("\n")[0].split())),
                code="unsupported_schema",
                from_upstream=True,
            )
        )
