"""What a worker has the control process do for a client: all that concerns files and batches, which only it keeps."""

import msgspec

from counterpoint.canonical import Failure
from counterpoint.directory import Key


class Errand(msgspec.Struct, frozen=True, omit_defaults=True):
    """A client's call. `dialect`: the API it speaks; `operation`: `files` or `batches`; `argument`: what follows the
    door's path. `host`: the one that it named; `headers`: those that belong to the call. `address`: at which the client
    reached the gateway."""

    dialect: str
    operation: str
    method: str
    argument: str
    query: str
    media_type: str
    body: bytes
    key: Key
    host: str = ""
    headers: dict[str, str] = {}
    address: str = ""


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the client is to be told."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    failure: Failure | None = None
    name: str = ""
    """Of a file that is downloaded."""
