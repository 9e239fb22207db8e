"""Google's Live API: `BidiGenerateContent` over WebSocket.

Reference: ai.google.dev/api/live. The first message, `setup`, names the model; usage stands in the messages'
`usageMetadata`, once for every turn.
"""

from counterpoint.dialects.gemini_live.dialect import GeminiLive

__all__ = ["GeminiLive"]
