"""Ollama's own API: `/api/chat`, `/api/generate` and `/api/embed` (https://docs.ollama.com/api).

One folder for both ways to generate: they share everything but where the words stand.
"""

from counterpoint.dialects.ollama.dialect import OllamaChat, OllamaGenerate
from counterpoint.dialects.ollama.embeddings import OllamaEmbed, OllamaEmbeddings

__all__ = ["OllamaChat", "OllamaEmbed", "OllamaEmbeddings", "OllamaGenerate"]
