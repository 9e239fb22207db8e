"""What each generation of this dialect's own models accepts; hosts that serve other models say so by quirks.

A request that came in another dialect cannot be refused for a field its author never wrote, so an encoder must
know what a model takes. Facts, by the maker's release notes and API errors: extended thinking with a budget
came with 3.7; `temperature` together with `top_p` is refused from 4.1 on; structured output came with 4.1
(Opus) and 4.5; adaptive thinking with 4.6; from 4.7 on a budget and the sampling parameters are refused, and
effort has the level `xhigh`; from 5 on a model thinks unless told not to. Only the maker of these models signs
thinking and refuses what it has not signed; other makers' models, served in this dialect, take it back.
"""

import re
from typing import Literal

import msgspec

from counterpoint.dialects.anthropic_messages import quirks as quirk
from counterpoint.dialects.base import Target

ThinkingKind = Literal["none", "budget", "adaptive"]

_SEPARATOR = re.compile(r"[-._@:/\s]+")


class Generation(msgspec.Struct, frozen=True):
    """What a target takes. `efforts`: the levels that `output_config.effort` knows, where thinking is
    adaptive. `thinks_unasked`: it thinks unless told not to. `verifies`: thinking goes back only signed."""

    thinking: ThinkingKind = "budget"
    sampling: bool = True
    both_samplers: bool = True
    structured: bool = True
    thinks_unasked: bool = False
    verifies: bool = True
    efforts: tuple[str, ...] = ("low", "medium", "high", "max")


def generation_of(target: Target) -> Generation:
    """By the model's name where it says a version, corrected by the host's quirks."""
    return _corrected(_by_version(version_of(target.model), target.model), target.quirks)


def version_of(model: str) -> tuple[int, int] | None:
    """`claude-3-7-sonnet-20250219` is (3, 7), `us.anthropic.claude-opus-4-1-v1:0` is (4, 1), `claude-opus-5`
    is (5, 0); `None` for a name that says none."""
    words = _words(model)
    if "claude" not in words:
        return None
    numbers = words[words.index("claude") + 1 :]
    for index, word in enumerate(numbers):
        if _is_version(word):
            following = numbers[index + 1] if index + 1 < len(numbers) else ""
            return int(word), int(following) if _is_version(following) else 0
    return None


def _words(model: str) -> list[str]:
    return _SEPARATOR.split(model.lower())


def _is_version(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 2


def _by_version(version: tuple[int, int] | None, model: str) -> Generation:
    if version is None:
        return Generation(verifies="claude" in _words(model))
    if version < (3, 7):
        return Generation(thinking="none", structured=False)
    structured = version >= (4, 5) or (version >= (4, 1) and "opus" in model.lower())
    if version < (4, 6):
        return Generation(both_samplers=version < (4, 1), structured=structured)
    if version < (4, 7):
        return Generation(thinking="adaptive", both_samplers=False)
    return Generation(
        thinking="adaptive",
        sampling=False,
        both_samplers=False,
        thinks_unasked=version >= (5, 0),
        efforts=("low", "medium", "high", "xhigh", "max"),
    )


_THINKING: dict[str, ThinkingKind] = {
    quirk.NO_THINKING: "none",
    quirk.BUDGET_THINKING: "budget",
    quirk.ADAPTIVE_THINKING: "adaptive",
}


def _corrected(generation: Generation, quirks: frozenset[str]) -> Generation:
    if not quirks:
        return generation
    thinking = next((kind for name, kind in _THINKING.items() if name in quirks), generation.thinking)
    return msgspec.structs.replace(
        generation,
        thinking=thinking,
        sampling=generation.sampling and quirk.NO_SAMPLING not in quirks,
        structured=generation.structured and quirk.NO_JSON_SCHEMA not in quirks,
        verifies=generation.verifies and quirk.UNSIGNED_THINKING not in quirks,
    )
