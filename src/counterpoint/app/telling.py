"""What a start tells whoever started it; the command line puts it into words, tests read it."""

from typing import Protocol

import msgspec


class Ready(msgspec.Struct, frozen=True):
    """The platform runs. Addresses are URLs. `key`: the demo key, `None` once it was revoked. `models`: names
    that can be called now, `chat_model` one of them that chats. `sign_in`: opens the studio, once."""

    gateway: str
    studio: str
    sign_in: str
    key: str | None
    models: tuple[str, ...]
    version: str
    chat_model: str | None = None

    def __repr__(self) -> str:
        return f"Ready({self.gateway!r})"


class Progress(msgspec.Struct, frozen=True):
    """One download: bytes `done` of `total` (`None`: unknown), seconds to go."""

    name: str
    done: int
    total: int | None = None
    seconds_left: float | None = None


class Reporter(Protocol):
    """Takes what a start tells."""

    def step(self, sentence: str) -> None:
        """Something begins that takes a while."""

    def progress(self, progress: Progress) -> None:
        """A download goes on."""

    def ready(self, ready: Ready) -> None:
        """Everything stands."""

    def stopping(self) -> None:
        """A signal came; answers in flight are completed."""
