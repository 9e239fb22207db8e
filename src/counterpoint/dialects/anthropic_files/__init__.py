"""Anthropic's files and message batches.

Reference: platform.claude.com/docs/en/api/files-create and /creating-message-batches. A batch's calls come with it, and
its results are fetched from it.
"""

from counterpoint.dialects.anthropic_files.dialect import AnthropicFiles

__all__ = ["AnthropicFiles"]
