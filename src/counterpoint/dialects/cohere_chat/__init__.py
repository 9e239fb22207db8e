"""Cohere's Chat API, second version (https://docs.cohere.com/reference/chat)."""

from counterpoint.dialects.cohere_chat.dialect import CohereChat
from counterpoint.dialects.cohere_chat.names import NAME

__all__ = ["NAME", "CohereChat"]
