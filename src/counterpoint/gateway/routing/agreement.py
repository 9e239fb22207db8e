"""Whether answers say the same, for checks that ask a model several times.

Samples that agree are more often right than one alone (self-consistency, https://arxiv.org/abs/2203.11171), and how
many agree tells when a small model may be believed (https://arxiv.org/abs/2310.03094). What is compared is the final
answer where there is one, not the way to it.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from counterpoint.canonical import ChatResponse, Refusal, Text, ToolCall
from counterpoint.dialects.jsonio import NotJsonError, compact, parse

ALIKE = 0.8
"""The share of words that longer texts must have in common to say the same."""
SHORT = 8
"""Words up to which texts must be the same, letter by letter."""
LONGEST = 20_000
"""Letters that are compared."""

FINAL_FIELDS = ("final_answer", "answer", "result")
_FENCE = "```"
_FIELD = re.compile(
    rf'"(?:{"|".join(FINAL_FIELDS)})"\s{{0,20}}:\s{{0,20}}(?:"([^"\n]{{1,200}})"|([^\s",}}\]]{{1,50}}))'
)
_BOXED = re.compile(r"\\boxed\{([^{}]{1,200})\}")
_MARKED = re.compile(r"^####[ \t]*([^\n]{1,200})$", re.MULTILINE)
_SAID = re.compile(
    r"(?:the (?:final )?answer is|final answer\s*:|la réponse(?: finale)? est|réponse finale\s*:)[ \t*]*"
    r"([^\n]{1,200})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")
_WORD = re.compile(r"\w+")


class Said(msgspec.Struct, frozen=True):
    """An answer made comparable. `exact`: whether another one must be equal; otherwise its words are compared."""

    text: str
    exact: bool = True


def said(answer: ChatResponse, choice: int = 0) -> Said | None:
    """What an answer's choice comes to; `None`: nothing that could be compared."""
    if choice >= len(answer.choices):
        return None
    parts = answer.choices[choice].parts
    calls = [part for part in parts if isinstance(part, ToolCall)]
    if calls:
        return Said(_called(calls))
    if any(isinstance(part, Refusal) for part in parts):
        return None
    text = "".join(part.text for part in parts if isinstance(part, Text)).strip()
    return comparable(text) if text else None


def comparable(text: str) -> Said:
    """The same of a text."""
    text = text[:LONGEST]
    value = _json(unfenced(text))
    if value is not None:
        try:
            return Said(_plain(_final(value)))
        except RecursionError:
            return Said(text)
    # JSON after some words, or JSON that is none because of a quotation mark: the field may still be read.
    field = _FIELD.findall(text)
    if field:
        return Said(_short("".join(field[-1])))
    for pattern in (_BOXED, _MARKED, _SAID):
        found = pattern.findall(text)
        if found:
            return Said(_short(found[-1].split(". ")[0]))
    words = _WORD.findall(text.casefold())
    return Said(_short(text)) if len(words) <= SHORT else Said(" ".join(words), exact=False)


def unfenced(text: str) -> str:
    """What stands in a text that is one fenced block of code; others as they are."""
    bare = text.strip()
    head, line, rest = bare.partition("\n")
    if not (line and head.startswith(_FENCE) and rest.endswith(_FENCE)):
        return text
    return rest.removesuffix(_FENCE)


def same(one: Said, other: Said) -> bool:
    """Whether two answers say the same. Who has no short answer is compared by the pairs of its words."""
    if one.exact or other.exact:
        return one == other
    pairs, others = _pairs(one.text), _pairs(other.text)
    return len(pairs & others) >= ALIKE * len(pairs | others)


def groups(answers: Iterable[Said | None]) -> list[list[int]]:
    """The places of answers that say the same, in the order of their first ones. What cannot be compared agrees with
    nothing."""
    found: list[tuple[Said, list[int]]] = []
    for index, answer in enumerate(answers):
        if answer is None:
            continue
        group = next((places for first, places in found if same(first, answer)), None)
        if group is None:
            found.append((answer, [index]))
        else:
            group.append(index)
    return [places for _, places in found]


def largest(parts: Sequence[list[int]]) -> list[int]:
    """The largest group, the earliest of equals; empty without any."""
    return max(parts, key=len, default=[])


def _final(value: Any) -> Any:
    if isinstance(value, dict):
        for name in FINAL_FIELDS:
            if value.get(name) is not None:
                return value[name]
    return value


def _json(text: str) -> Any:
    """An object or a list; other texts are no JSON here, not even a number."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return parse(text)
    except NotJsonError:
        return None


def _called(calls: list[ToolCall]) -> str:
    try:
        return _plain([[call.name, _value(call.arguments)] for call in calls])
    except RecursionError:
        return compact([[call.name, call.arguments] for call in calls])


def _value(arguments: str) -> Any:
    found = _json(arguments)
    return arguments if found is None else found


def _plain(value: Any) -> str:
    """A JSON value as a text that is the same however it was written: keys in order, numbers and words normalised."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_plain(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_plain, value)) + "]"
    if isinstance(value, bool) or value is None:
        return repr(value)
    return _short(str(value))


def _short(text: str) -> str:
    """A short answer without what makes no difference: case, marks around it, the way a number is written."""
    text = re.sub(r"\s+", " ", text.casefold()).strip(" .,;:!?*_`'\"()[]{}$€£")
    number = text.replace(",", "").replace("\u202f", "").removesuffix("%").strip()
    if _NUMBER.fullmatch(number):
        number = number.rstrip("0").rstrip(".") if "." in number else number
        return number.removeprefix("-").lstrip("0").join(("-" if number.startswith("-") else "", "")) or "0"
    return text


def _pairs(text: str) -> set[tuple[str, str]]:
    words = text.split()
    return set(pairwise(words))
