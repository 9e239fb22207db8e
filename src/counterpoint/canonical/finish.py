"""Why an answer ended: one word of ours, the provider's own word kept beside it."""

from typing import Literal

import msgspec

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "refusal", "pause", "error", "other"]
"""`stop`: the model was done or met a stop sequence. `length`: a token limit. `tool_calls`: it waits for
tool results. `content_filter`: the host withheld something. `refusal`: the model declined. `pause`: a
server-side turn to be continued. `other`: a reason the hub has no word for; see `raw`."""


class Finish(msgspec.Struct, frozen=True, omit_defaults=True):
    """`reason` in canonical words, `raw` as the provider wrote it, `stop_sequence` if one was met."""

    reason: FinishReason
    raw: str | None = None
    stop_sequence: str | None = None
