"""What the APIs of this form call themselves and what they call the same.

Mistral's (https://docs.mistral.ai/api/endpoint/embeddings) and Voyage AI's (https://docs.voyageai.com/reference/embeddings-api)
follow OpenAI's, but for the number of dimensions, which they call otherwise, and for fields of their own.
"""

import msgspec

from counterpoint.dialects.base import Door
from counterpoint.dialects.openai_chat import NAME as FAMILY

NAME = "openai-embeddings"


class Words(msgspec.Struct, frozen=True):
    """One such API. `dimensions`: the field for how many; `takes_user`: whether it has one for the end user.
    `names_answers`: whether its clients want an id and a usage in every answer."""

    name: str
    family: str
    doors: tuple[Door, ...]
    dimensions: str = "dimensions"
    forwarded: tuple[str, ...] = ()
    takes_user: bool = False
    names_answers: bool = False


OPENAI = Words(
    NAME,
    FAMILY,
    (
        Door("POST", "/v1/embeddings", "embed"),
        Door("POST", "/openai/v1/embeddings", "embed"),  # Azure's two styles
        Door("POST", "/openai/deployments/{model}/embeddings", "embed", written=True),
    ),
    forwarded=("openai-beta",),
    takes_user=True,
)
MISTRAL = Words(
    "mistral-embeddings",
    "mistral-chat",
    (Door("POST", "/mistral/v1/embeddings", "embed"),),
    "output_dimension",
    names_answers=True,
)
VOYAGE = Words(
    "voyage-embeddings",
    FAMILY,
    (Door("POST", "/voyage/v1/embeddings", "embed"),),
    "output_dimension",
)
