"""Calls that concern files and batches: the caller is made sure of here, the rest is the control process's."""

import time
from collections.abc import Callable
from urllib.parse import quote

from counterpoint.canonical import Failure
from counterpoint.dialects.base import Door
from counterpoint.dialects.shelving import ShelfDialect
from counterpoint.directory import Key
from counterpoint.gateway import refusals
from counterpoint.gateway.claims import claim_of, refusal_of
from counterpoint.gateway.names import Names
from counterpoint.gateway.ports import Keys
from counterpoint.kept.errands import Done, Errand
from counterpoint.serving import Request

HOST_HEADER = b"x-counterpoint-host"


def admit(
    request: Request, lang: str, names: Names, keys: Keys, answer: Callable[[Key | Failure], None]
) -> None:
    """Calls `answer` once, with the key that the caller may call with, or with why he may not."""
    claim = claim_of(request.headers)
    if claim is None:
        answer(refusals.no_key(lang))
        return

    def found(key: Key | None) -> None:
        refusal = refusal_of(claim, key, request, time.time(), lang)
        answer(refusal or key or refusals.no_key(lang))

    key = names.directory.keys.get(claim.digest)
    if key is not None:
        found(key)
    else:
        keys.look_up(claim.digest, found)


def errand_of(request: Request, door: Door, argument: str, shelf: ShelfDialect, key: Key) -> Errand:
    """What the control process is to do."""
    headers = request.headers
    scheme = headers.get(b"x-forwarded-proto", b"http").decode("latin-1")
    named = {name: headers.get(name.encode()) for name in shelf.forwarded}
    return Errand(
        dialect=shelf.name,
        operation=door.operation,
        method=request.method,
        argument=argument,
        query=request.query,
        media_type=headers.get(b"content-type", b"").decode("latin-1"),
        body=request.body,
        key=key,
        host=headers.get(HOST_HEADER, b"").decode("latin-1"),
        headers={name: value.decode("latin-1") for name, value in named.items() if value is not None},
        address=f"{scheme}://{headers.get(b'host', b'').decode('latin-1')}",
    )


def headers_of(done: Done) -> tuple[tuple[bytes, bytes], ...]:
    """What an answer is, and under which name it is to be saved."""
    kind = (b"content-type", done.media_type.encode("latin-1", "replace"))
    if not done.name:
        return (kind,)
    # RFC 6266, 4.3: the name in UTF-8, percent-encoded.
    saved = f"attachment; filename*=UTF-8''{quote(done.name, safe='')}".encode()
    return (kind, (b"content-disposition", saved))
