"""The Messages API of Anthropic, which other hosts serve too: translated to and from canonical, or relayed."""

from counterpoint.dialects.anthropic_messages.dialect import AnthropicMessages

__all__ = ["AnthropicMessages"]
