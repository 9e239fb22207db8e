"""Mistral's Chat and FIM APIs (https://docs.mistral.ai/api): OpenAI's grammar with words of its own.

The grammar is `openai_chat`'s, so decoding and encoding are too; here is what Mistral says otherwise: thinking, files
and references as pieces of content, `random_seed`, `prefix`, ids of nine characters, and its errors.
"""

from counterpoint.dialects.mistral_chat.dialect import MistralChat
from counterpoint.dialects.mistral_chat.names import FILLING, NAME

__all__ = ["FILLING", "NAME", "MistralChat"]
