"""Who is acting: known to whatever runs on his behalf, without being passed from hand to hand.

The door by which somebody comes in (a request to the admin port, a command, the configuration file) says so once; what
is then changed in the database is his act. Nobody said so: then it is the platform's own.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

import msgspec

ActorKind = Literal["account", "token", "service", "stranger", "command", "file", "system"]


class Actor(msgspec.Struct, frozen=True):
    """`account`: a person; `token`: whoever has the operator's; `service`: a program with a token of its own;
    `stranger`: nobody known; `command`: a user of the machine; `file`: the configuration file; `system`: ourselves."""

    kind: ActorKind
    id: str = ""
    name: str = ""


class Act(msgspec.Struct):
    """What is being done. `action`: as the door calls it; `origin`: from where. `noted`: how many entries it has left
    so far, which whoever opened the door looks at."""

    actor: Actor
    action: str
    origin: str = ""
    organisation: str = ""
    noted: int = 0


_current: ContextVar[Act | None] = ContextVar("counterpoint_act", default=None)


def current() -> Act:
    """What is being done here and now."""
    return _current.get() or Act(Actor("system"), "", socket.gethostname())


@contextmanager
def acting(act: Act) -> Iterator[Act]:
    """What is changed within, in this thread or task and those that it begins, is part of this act."""
    token = _current.set(act)
    try:
        yield act
    finally:
        _current.reset(token)


def by_command(words: str) -> Act:
    """Of whoever types a command on this machine."""
    user = os.environ.get("USER") or os.environ.get("LOGNAME") or ""
    return Act(Actor("command", str(os.getuid()), user), words, socket.gethostname())
