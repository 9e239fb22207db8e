"""Amazon Bedrock's `InvokeModel`: each maker's own bodies, without the model and whether to stream
(https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html)."""

from counterpoint.dialects.bedrock_invoke.dialect import BedrockInvoke
from counterpoint.dialects.bedrock_invoke.embeddings import BedrockEmbed

__all__ = ["BedrockEmbed", "BedrockInvoke"]
