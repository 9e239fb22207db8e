"""The Messages API as Google Vertex AI serves it: its body names a version in place of the model, which the address
names (https://docs.anthropic.com/en/api/claude-on-vertex-ai)."""

from counterpoint.dialects.vertex_anthropic.dialect import VertexAnthropic

__all__ = ["VertexAnthropic"]
