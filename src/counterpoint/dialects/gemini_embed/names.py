"""The two methods, each a dialect of its own: they differ in their address, and in what stands around a text."""

import msgspec


class Method(msgspec.Struct, frozen=True):
    """`name`: of the dialect. `word`: as in the address. `many`: whether it takes many texts."""

    name: str
    word: str
    many: bool


BATCH = Method("gemini-embed", "batchEmbedContents", many=True)
SINGLE = Method("gemini-embed-content", "embedContent", many=False)
OWN = (BATCH.name, SINGLE.name)
