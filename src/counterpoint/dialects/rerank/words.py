"""In what words each API that reranks says the same."""

import msgspec

from counterpoint.dialects.base import Door


class Words(msgspec.Struct, frozen=True):
    """One such API. `top`: the field for how many are wanted; `results`: the list of an answer. `asks_back`: whether
    its hosts can be asked for the documents' texts."""

    name: str
    family: str
    top: str
    results: str
    asks_back: bool
    doors: tuple[Door, ...]


COHERE = Words(
    "cohere-rerank",
    "cohere-chat",
    "top_n",
    "results",
    asks_back=False,  # the first version could, the second cannot
    doors=(Door("POST", "/v2/rerank", "rerank"), Door("POST", "/v1/rerank", "rerank")),
)
VOYAGE = Words(
    "voyage-rerank",
    "openai-chat",
    "top_k",
    "data",
    asks_back=True,
    doors=(Door("POST", "/voyage/v1/rerank", "rerank"),),
)
TOPS = ("top_n", "top_k")
LISTS = ("results", "data")
