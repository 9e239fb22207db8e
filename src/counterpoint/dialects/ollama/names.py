"""The names of these dialects, and what all of them agree on.

Fields for which the hub has no word are kept under `NAME`, whichever of the API's calls they came with: most mean the
same in all of them. What only `/api/generate` takes (`raw`, `template`, ...) is kept under that call's own name.
"""

NAME = "ollama-chat"
GENERATE = "ollama-generate"
EMBED = "ollama-embed"
EMBEDDINGS = "ollama-embeddings"
"""The older call for one vector, `/api/embeddings`."""

FAMILY = frozenset({NAME, GENERATE})
"""Dialects whose requests and answers need no adapting to each other's settings."""

NDJSON = "application/x-ndjson"
"""The media type of its streams (https://docs.ollama.com/api/streaming)."""

API_VERSION = "0.12.11"
"""The version of the server whose API is followed: clients ask for it to know what they may send."""
