"""Every dialect there is, by name; adding one is a folder and a line here."""

from collections.abc import Callable, Mapping
from typing import Any

from counterpoint.dialects.anthropic_files import AnthropicFiles
from counterpoint.dialects.anthropic_messages.counting import AnthropicCounter
from counterpoint.dialects.anthropic_messages.dialect import AnthropicMessages
from counterpoint.dialects.anthropic_messages.rates import moment_rates
from counterpoint.dialects.base import (
    ChatDialect,
    EmbedDialect,
    RelayedDialect,
    RerankDialect,
    TokenCounter,
    WholeDialect,
)
from counterpoint.dialects.bedrock_converse import BedrockConverse
from counterpoint.dialects.bedrock_invoke import BedrockEmbed, BedrockInvoke
from counterpoint.dialects.cohere_chat import CohereChat
from counterpoint.dialects.cohere_embed import CohereEmbed
from counterpoint.dialects.conversing import RealtimeDialect
from counterpoint.dialects.gemini_embed import SINGLE, GeminiEmbed
from counterpoint.dialects.gemini_generate import GeminiGenerate, form_of
from counterpoint.dialects.gemini_generate.counting import GeminiCounter
from counterpoint.dialects.gemini_live import GeminiLive
from counterpoint.dialects.mistral_chat import FILLING, MistralChat
from counterpoint.dialects.ollama import OllamaChat, OllamaEmbed, OllamaEmbeddings, OllamaGenerate
from counterpoint.dialects.openai_chat import OpenAIChat
from counterpoint.dialects.openai_completions import OpenAICompletions
from counterpoint.dialects.openai_embeddings import MISTRAL, VOYAGE, OpenAIEmbeddings
from counterpoint.dialects.openai_files import OpenAIFiles
from counterpoint.dialects.openai_operations import (
    OpenAIImages,
    OpenAIModerations,
    OpenAISpeech,
    OpenAITranscriptions,
)
from counterpoint.dialects.openai_realtime import OpenAIRealtime
from counterpoint.dialects.openai_responses import OpenAIResponses
from counterpoint.dialects.openai_responses.state import ResponsesState
from counterpoint.dialects.rates import RateTeller
from counterpoint.dialects.rerank import COHERE, Rerank
from counterpoint.dialects.rerank import VOYAGE as VOYAGE_RERANK
from counterpoint.dialects.shelving import ShelfDialect
from counterpoint.dialects.vertex_anthropic import VertexAnthropic

_CHAT: tuple[ChatDialect, ...] = (
    OpenAIChat(),
    AnthropicMessages(),
    OpenAIResponses(),
    GeminiGenerate(),
    BedrockConverse(),
    BedrockInvoke(),
    CohereChat(),
    MistralChat(),
    MistralChat(FILLING),
    OllamaChat(),
    OllamaGenerate(),
    OpenAICompletions(),
    VertexAnthropic(),
)

CHAT: Mapping[str, ChatDialect] = {dialect.name: dialect for dialect in _CHAT}
COUNTERS: Mapping[str, TokenCounter] = {
    AnthropicMessages.name: AnthropicCounter(),
    GeminiGenerate.name: GeminiCounter(),
}
"""By chat dialect, what counts tokens for callers of another."""
FORMS: Mapping[str, Callable[[str], ChatDialect]] = {GeminiGenerate.name: form_of}
"""Dialects whose streams come in several forms: the one that the query of an address asks for."""
_EMBED: tuple[EmbedDialect, ...] = (
    OpenAIEmbeddings(),
    BedrockEmbed(),
    OpenAIEmbeddings(MISTRAL),
    OpenAIEmbeddings(VOYAGE),
    CohereEmbed(),
    GeminiEmbed(),
    GeminiEmbed(SINGLE),
    OllamaEmbed(),
    OllamaEmbeddings(),
)
_RERANK: tuple[RerankDialect, ...] = (Rerank(COHERE), Rerank(VOYAGE_RERANK))

EMBED: Mapping[str, EmbedDialect] = {dialect.name: dialect for dialect in _EMBED}
RERANK: Mapping[str, RerankDialect] = {dialect.name: dialect for dialect in _RERANK}
WHOLE: Mapping[str, Mapping[str, WholeDialect[Any, Any]]] = {"embed": EMBED, "rerank": RERANK}
"""By operation, the dialects whose every answer comes whole."""

State = ResponsesState
STATE: Mapping[str, State] = {OpenAIResponses.name: State()}
"""The dialects whose answers are kept, for clients to go on them."""

_RELAYED: tuple[RelayedDialect, ...] = (
    OpenAIImages(),
    OpenAITranscriptions(),
    OpenAISpeech(),
    OpenAIModerations(),
)
RELAYED: Mapping[str, RelayedDialect] = {dialect.name: dialect for dialect in _RELAYED}
"""The dialects that are relayed and never translated."""

_SHELVES: tuple[ShelfDialect, ...] = (OpenAIFiles(), AnthropicFiles())
SHELVES: Mapping[str, ShelfDialect] = {dialect.name: dialect for dialect in _SHELVES}
"""The dialects in which clients store files and have batches worked off."""

_REALTIME: tuple[RealtimeDialect, ...] = (OpenAIRealtime(), GeminiLive())
REALTIME: Mapping[str, RealtimeDialect] = {dialect.name: dialect for dialect in _REALTIME}
"""The dialects that are relayed message by message, by WebSocket."""


RATES: Mapping[str, RateTeller] = {AnthropicMessages.name: moment_rates}
"""By chat dialect, how it tells rates, if not as most do."""


def speaker(name: str) -> ChatDialect | None:
    """The chat dialect in which a host tells errors that is spoken to in the dialect `name`."""
    chat = CHAT.get(name)
    if chat is None:
        families = [dialects[name].family for dialects in WHOLE.values() if name in dialects]
        families += [RELAYED[name].family] if name in RELAYED else []
        chat = CHAT.get(next(iter(families), ""))
    return chat
