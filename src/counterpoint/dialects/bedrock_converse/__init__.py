"""Amazon Bedrock's own chat API: `Converse` and `ConverseStream`
(https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html)."""

from counterpoint.dialects.bedrock_converse.dialect import BedrockConverse

__all__ = ["BedrockConverse"]
