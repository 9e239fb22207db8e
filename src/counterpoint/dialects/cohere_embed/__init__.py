"""Cohere's Embed API, second version (https://docs.cohere.com/reference/embed)."""

from counterpoint.dialects.cohere_embed.dialect import CohereEmbed

__all__ = ["CohereEmbed"]
