"""What all of these APIs have in common: where they are, how a body is peeked at and rewritten."""

from typing import ClassVar

from counterpoint.dialects.base import Door, Peek, Target
from counterpoint.dialects.openai_chat import NAME as FAMILY
from counterpoint.dialects.openai_operations import bodies


class Operation:
    """`root`: what of a door's path stands in a host's path; `usual`: the model meant where none is named."""

    name: str = ""
    family = FAMILY
    doors: tuple[Door, ...] = ()
    forwarded: tuple[str, ...] = ("openai-beta",)
    root: ClassVar[str] = ""
    usual: ClassVar[str | None] = None

    def peek(self, body: bytes, media_type: str) -> Peek:
        """Model and stream."""
        return bodies.peek(body, media_type, self.usual)

    def rewrite(self, body: bytes, media_type: str, peek: Peek, target: Target) -> bytes:
        """The body for a host."""
        return bodies.rewrite(body, media_type, peek, target)

    def address(self, path: str, door: str) -> str:
        """Below the host's path as below ours."""
        return path + door.removeprefix(self.root)
