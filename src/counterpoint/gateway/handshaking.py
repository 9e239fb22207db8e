"""The two handshakes of a realtime session (RFC 6455, section 4): ours with a host, and a client's with us. Pure."""

from urllib.parse import urlsplit

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.conversing import RealtimeDialect
from counterpoint.gateway import refusals
from counterpoint.gateway.names import Candidate
from counterpoint.i18n import say
from counterpoint.serving import Request
from counterpoint.wire.websocket import accept_of


def wish(request: Request, dialect: RealtimeDialect, candidate: Candidate, key: bytes) -> bytes:
    """What a candidate's host is asked with, on behalf of a client that asked us with `request`."""
    host, headers = candidate.host, request.headers
    url = urlsplit(host.base_url)
    path = candidate.path if dialect.rooted else url.path.rstrip("/") + candidate.path
    query = dialect.query(request.query, candidate.offering.id)
    lines = [
        f"GET {path}{'?' + query if query else ''} HTTP/1.1",
        f"host: {url.netloc.rpartition('@')[2]}",
        "connection: Upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        f"sec-websocket-key: {key.decode()}",
        *(f"{name}: {value}" for name, value in host.headers),
    ]
    offered = dialect.protocols(headers.get(b"sec-websocket-protocol", b"").decode("latin-1"))
    if offered:
        lines.append(f"sec-websocket-protocol: {offered}")
    sent = {name: headers.get(name.encode()) for name in dialect.forwarded}
    lines += [f"{name}: {value.decode('latin-1')}" for name, value in sent.items() if value is not None]
    return "\r\n".join([*lines, "user-agent: counterpoint", "", ""]).encode("latin-1", "replace")


def refusal_by(host: str, status: int, body: bytes, lang: str) -> Failure:
    """What it means that a host answers in plain HTTP."""
    if status in (401, 403):
        return refusals.refused_credentials(lang, host, status)
    message = say("gateway.refusal.realtime_refused", lang=lang, host=host, status=status)
    told = body[:500].decode("utf-8", "replace")
    kind = FailureKind.bad_request if 400 <= status < 500 else FailureKind.upstream_error
    known = status if 400 <= status < 600 else None
    return Failure(
        kind, f"{message} {told}".strip(), code="realtime_refused", status=known, from_upstream=True
    )


def granted(request: Request, protocol: str) -> bytes:
    """What a client is told whose wish is granted."""
    key = request.headers[b"sec-websocket-key"].strip()
    lines = [
        b"HTTP/1.1 101 Switching Protocols",
        b"upgrade: websocket",
        b"connection: Upgrade",
        b"sec-websocket-accept: " + accept_of(key),
    ]
    if protocol:
        lines.append(b"sec-websocket-protocol: " + protocol.encode("latin-1", "replace"))
    return b"\r\n".join([*lines, b"", b""])


def fields_of(head: bytes) -> dict[str, str]:
    """The headers of a head, by their names in small letters."""
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in lines}
