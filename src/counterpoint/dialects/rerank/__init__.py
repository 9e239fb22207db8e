"""Reranking: which documents answer a query best.

Cohere's API (https://docs.cohere.com/reference/rerank) is spoken by most hosts that rerank (Jina, Together, OpenRouter,
vLLM); Voyage AI's (https://docs.voyageai.com/reference/reranker-api) has other words for the same.
"""

from counterpoint.dialects.rerank.dialect import Rerank
from counterpoint.dialects.rerank.words import COHERE, VOYAGE

__all__ = ["COHERE", "VOYAGE", "Rerank"]
