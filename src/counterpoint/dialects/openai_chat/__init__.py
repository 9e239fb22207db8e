"""The Chat Completions API of OpenAI, which most hosts of other makers' models speak too.

Reference: platform.openai.com/docs/api-reference/chat. Deviations of hosts are understood as they come (see
`messages`, `streams`, `usage`) and minded when a request goes to one (see `quirks`).
"""

from counterpoint.dialects.openai_chat.dialect import OpenAIChat
from counterpoint.dialects.openai_chat.names import NAME

__all__ = ["NAME", "OpenAIChat"]
