"""The embeddings API of OpenAI, which most embedding servers speak.

Reference: platform.openai.com/docs/api-reference/embeddings. Its errors are those of the chat dialect.
"""

from counterpoint.dialects.openai_embeddings.dialect import OpenAIEmbeddings
from counterpoint.dialects.openai_embeddings.names import MISTRAL, NAME, VOYAGE

__all__ = ["MISTRAL", "NAME", "VOYAGE", "OpenAIEmbeddings"]
