"""Stream events: an answer as it grows. The same answer, whole or streamed, folds to the same value.

Order per choice: `StartEvent` once, then for each part `PartStart`, any `PartDelta`, `PartEnd`; then
`FinishEvent`; `UsageEvent` whenever the provider reports (the last one counts). Parts of one choice may
overlap (parallel tool calls), their `part` index tells them apart. An `ErrorEvent` ends a stream.
Events carry a tag, so that a process boundary (a local model's) can be crossed without guessing.
"""

from typing import Any, Literal

import msgspec

from counterpoint.canonical.errors import Failure
from counterpoint.canonical.finish import Finish
from counterpoint.canonical.parts import NO_EXTENSIONS, Citation, Extensions, Part
from counterpoint.canonical.usage import Usage


class StartEvent(msgspec.Struct, frozen=True, omit_defaults=True, tag="start", tag_field="type"):
    """The upstream began to answer."""

    id: str = ""
    model: str = ""
    created: int | None = None
    service_tier: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class PartStart(msgspec.Struct, frozen=True, tag="part_start", tag_field="type"):
    """A new part. `part` is its index in the choice, `value` the part with whatever is already known."""

    choice: int
    part: int
    value: Part


class PartDelta(msgspec.Struct, frozen=True, omit_defaults=True, tag="part_delta", tag_field="type"):
    """More of a part. `field` says which of its strings grows (`data`: an audio part's base64;
    `transcript`: its words). `citation`: one more citation of a text part, `text` is then empty.
    `logprobs`: the entries for this delta, in the OpenAI shape."""

    choice: int
    part: int
    text: str = ""
    field: Literal["text", "arguments", "signature", "encrypted", "data", "transcript"] = "text"
    citation: Citation | None = None
    logprobs: Any = None


class PartEnd(msgspec.Struct, frozen=True, tag="part_end", tag_field="type"):
    """The part is complete."""

    choice: int
    part: int


class FinishEvent(msgspec.Struct, frozen=True, omit_defaults=True, tag="finish", tag_field="type"):
    """The choice is complete."""

    choice: int
    finish: Finish
    extensions: Extensions = NO_EXTENSIONS


class UsageEvent(msgspec.Struct, frozen=True, tag="usage", tag_field="type"):
    """What has been used so far, cumulative: the last one replaces the earlier ones."""

    usage: Usage


class ErrorEvent(msgspec.Struct, frozen=True, tag="error", tag_field="type"):
    """The stream failed after it had begun."""

    failure: Failure


StreamEvent = StartEvent | PartStart | PartDelta | PartEnd | FinishEvent | UsageEvent | ErrorEvent
