"""The Responses API of OpenAI, which other hosts serve too: translated to and from canonical, or relayed.

Reference: platform.openai.com/docs/api-reference/responses. It shares errors, media and the model list with the
same maker's chat API (`openai_chat`), of which it is the successor.
"""

from counterpoint.dialects.openai_responses.dialect import OpenAIResponses
from counterpoint.dialects.openai_responses.names import NAME

__all__ = ["NAME", "OpenAIResponses"]
