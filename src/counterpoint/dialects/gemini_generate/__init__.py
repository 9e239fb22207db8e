"""Google's API for Gemini models: `generateContent` and `streamGenerateContent`
(https://ai.google.dev/api/generate-content)."""

from counterpoint.dialects.gemini_generate.dialect import GeminiGenerate, form_of

__all__ = ["GeminiGenerate", "form_of"]
