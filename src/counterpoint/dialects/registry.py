"""Every dialect there is, by name; adding one is a folder and a line here."""

from collections.abc import Mapping

from counterpoint.dialects.anthropic_messages.dialect import AnthropicMessages
from counterpoint.dialects.base import ChatDialect, EmbedDialect

CHAT: Mapping[str, ChatDialect] = {dialect.name: dialect for dialect in (AnthropicMessages(),)}
EMBED: Mapping[str, EmbedDialect] = {}
