"""Every dialect there is, by name; adding one is a folder and a line here."""

from collections.abc import Mapping

from counterpoint.dialects.anthropic_messages.dialect import AnthropicMessages
from counterpoint.dialects.base import ChatDialect, EmbedDialect
from counterpoint.dialects.gemini_generate import GeminiGenerate
from counterpoint.dialects.openai_chat import OpenAIChat
from counterpoint.dialects.openai_embeddings import OpenAIEmbeddings
from counterpoint.dialects.openai_responses import OpenAIResponses

_CHAT: tuple[ChatDialect, ...] = (OpenAIChat(), AnthropicMessages(), OpenAIResponses(), GeminiGenerate())

CHAT: Mapping[str, ChatDialect] = {dialect.name: dialect for dialect in _CHAT}
EMBED: Mapping[str, EmbedDialect] = {dialect.name: dialect for dialect in (OpenAIEmbeddings(),)}
