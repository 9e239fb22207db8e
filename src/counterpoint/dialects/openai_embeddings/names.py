"""The name by which the registry and both directions of this dialect know it."""

NAME = "openai-embeddings"
