"""OpenAI's operations beside chat: images, transcriptions, speech, moderations. Many hosts serve them too.

Reference: platform.openai.com/docs/api-reference (images, audio, moderations). Nothing is translated: a call goes to a
host that serves the operation in this dialect, with the model's name exchanged and everything else as it came.
"""

from counterpoint.dialects.openai_operations.images import OpenAIImages
from counterpoint.dialects.openai_operations.moderations import OpenAIModerations
from counterpoint.dialects.openai_operations.speech import OpenAISpeech
from counterpoint.dialects.openai_operations.transcriptions import OpenAITranscriptions

__all__ = ["OpenAIImages", "OpenAIModerations", "OpenAISpeech", "OpenAITranscriptions"]
