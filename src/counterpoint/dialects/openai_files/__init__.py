"""OpenAI's files and batches.

Reference: platform.openai.com/docs/api-reference/files and /batch. A batch's calls are the lines of a file; what came
of them is another file, failures a third.
"""

from counterpoint.dialects.openai_files.dialect import OpenAIFiles

__all__ = ["OpenAIFiles"]
