"""Embeddings of the Gemini API: `batchEmbedContents`, which takes many texts, and `embedContent`, which takes one
(https://ai.google.dev/api/embeddings)."""

from counterpoint.dialects.gemini_embed.dialect import GeminiEmbed
from counterpoint.dialects.gemini_embed.names import BATCH, SINGLE

__all__ = ["BATCH", "SINGLE", "GeminiEmbed"]
