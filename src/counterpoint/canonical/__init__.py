"""The hub's vocabulary: every dialect translates to and from these frozen values, and only these.

Why one hub: with N dialects, pairwise translation needs N x N translators and each one loses something
different. Here each dialect knows only this vocabulary; what the hub has no word for rides along in
`extensions[dialect]`, and what a target cannot express is returned as a `Loss`. Nothing here does I/O.
"""

from counterpoint.canonical.errors import Failure, FailureKind, Refused
from counterpoint.canonical.events import (
    ErrorEvent,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    StartEvent,
    StreamEvent,
    UsageEvent,
)
from counterpoint.canonical.finish import Finish, FinishReason
from counterpoint.canonical.fold import fold
from counterpoint.canonical.losses import Loss, Severity
from counterpoint.canonical.parts import (
    Audio,
    Citation,
    Document,
    Extensions,
    Image,
    Media,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Video,
)
from counterpoint.canonical.requests import (
    ChatRequest,
    CountTokensRequest,
    EmbedRequest,
    Message,
    OpaqueTool,
    OutputFormat,
    ReasoningSettings,
    RerankRequest,
    Role,
    Tool,
    ToolChoice,
)
from counterpoint.canonical.responses import (
    ChatResponse,
    Choice,
    Embedding,
    EmbedResponse,
    Ranked,
    RerankResponse,
)
from counterpoint.canonical.unfold import unfold
from counterpoint.canonical.usage import Usage

__all__ = [
    "Audio",
    "ChatRequest",
    "ChatResponse",
    "Choice",
    "Citation",
    "CountTokensRequest",
    "Document",
    "EmbedRequest",
    "EmbedResponse",
    "Embedding",
    "ErrorEvent",
    "Extensions",
    "Failure",
    "FailureKind",
    "Finish",
    "FinishEvent",
    "FinishReason",
    "Image",
    "Loss",
    "Media",
    "Message",
    "Opaque",
    "OpaqueTool",
    "OutputFormat",
    "Part",
    "PartDelta",
    "PartEnd",
    "PartStart",
    "Ranked",
    "Reasoning",
    "ReasoningSettings",
    "Refusal",
    "Refused",
    "RerankRequest",
    "RerankResponse",
    "Role",
    "Severity",
    "StartEvent",
    "StreamEvent",
    "Text",
    "Tool",
    "ToolCall",
    "ToolChoice",
    "ToolResult",
    "Usage",
    "UsageEvent",
    "Video",
    "fold",
    "unfold",
]
