"""What answering asks of others: passages that the asker may see, the document around one, a model, a judge."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

import msgspec

from counterpoint.knowledge.documents import Parsed, Passage


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """A passage that was found, best first. `right`: the principal by which the asker sees it, as of now."""

    passage: Passage
    title: str
    right: str
    path: str = ""


Whole = Callable[[str, str], Parsed | None]
"""The document of that id and version; `None` where it is no longer kept. May wait for a disk."""


class Reply(msgspec.Struct, frozen=True):
    """Of a model. `cost`: in `currency`, `None` if it is not known."""

    text: str
    model: str
    cost: Decimal | None = None
    currency: str = "USD"


class ModelError(Exception):
    """There is no answer; the reason is a clause in English."""


class Model(Protocol):
    """Asks a model. A coroutine, since it is a call over our own gateway and the control process has one loop."""

    def __call__(
        self, system: str, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]
    ) -> Awaitable[Reply]:
        """`messages`: `role` and `content` each. Raises `ModelError`."""


Judge = Callable[[str, Sequence[str]], Awaitable[bool]]
"""Whether quotations carry a sentence, in the eyes of a model. It is asked only about what the rules let pass."""
