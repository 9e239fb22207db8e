"""OpenAI's realtime API over WebSocket, which xAI and Azure serve too.

Reference: platform.openai.com/docs/guides/realtime-websocket and /docs/api-reference/realtime-server-events. Usage
stands in `response.done`, once for every answer.
"""

from counterpoint.dialects.openai_realtime.dialect import OpenAIRealtime

__all__ = ["OpenAIRealtime"]
