"""One client call, as the exchange sees it."""

from collections.abc import Mapping

import msgspec

from counterpoint.dialects.base import NOT_SAID, Asked, ChatDialect, EmbedDialect


class Call(msgspec.Struct, frozen=True):
    """What came in. `at`: microseconds since the epoch. `dialect` renders errors also for embeddings, whose own
    dialect is `embed`. `lang`: the language of our own sentences in the answer. `asked`: what the address says."""

    id: str
    at: int
    operation: str
    dialect: ChatDialect
    embed: EmbedDialect | None
    headers: Mapping[bytes, bytes]
    body: bytes
    lang: str = "en"
    asked: Asked = NOT_SAID

    @property
    def client_dialect(self) -> str:
        """The name of the dialect that the caller speaks."""
        return self.embed.name if self.embed is not None else self.dialect.name


def presented_key(headers: Mapping[bytes, bytes]) -> bytes | None:
    """The key that the caller sent, wherever its SDK puts it: a bearer token, or a header of its own."""
    authorization = headers.get(b"authorization")
    if authorization is not None and authorization[:7].lower() == b"bearer ":
        return authorization[7:].strip() or None
    return next((headers[name] for name in _KEY_HEADERS if headers.get(name)), None)


_KEY_HEADERS = (b"x-api-key", b"api-key", b"x-goog-api-key")
