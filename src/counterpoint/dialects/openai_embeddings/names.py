"""The dialect's name."""

NAME = "openai-embeddings"
