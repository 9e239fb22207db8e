"""One question to a token server, in blocking sockets: no data plane, and no redirects, which could lead a secret
elsewhere."""

import http.client
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from counterpoint.i18n.complaint import Complaint, ComplaintKind
from counterpoint.transport.reach import http_connection

SECONDS = 10.0
_LARGEST = 1024 * 1024


class Answer(msgspec.Struct, frozen=True):
    """What came back, whatever its status."""

    status: int
    body: bytes

    def __repr__(self) -> str:
        return f"Answer({self.status})"


def ask(
    cloud: str,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    seconds: float = SECONDS,
) -> Answer:
    """Raises `Complaint` when there is no answer. `cloud`: whose server it is, for people."""
    parts = urlsplit(url)
    place = parts.netloc
    connection: http.client.HTTPConnection | None = None
    try:
        connection = http_connection(parts.scheme, parts.hostname or "", parts.port, seconds)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        own = {"accept": "application/json", "user-agent": "counterpoint"}
        connection.request(method, target, body or None, {**own, **headers})
        response = connection.getresponse()
        return Answer(response.status, response.read(_LARGEST))
    except TimeoutError:
        raise Complaint("control.credentials.silent", kind="unavailable", cloud=cloud, place=place) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Complaint(
            "control.credentials.unreachable", kind="unavailable", cloud=cloud, place=place, reason=reason
        ) from None
    finally:
        if connection is not None:
            connection.close()


def ask_form(cloud: str, url: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """A form posted, JSON back, as OAuth 2.0 does it (RFC 6749, section 4). Raises `Complaint`."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return understood(cloud, url, ask(cloud, "POST", url, headers, urlencode(fields).encode()))


def understood(cloud: str, url: str, answer: Answer) -> dict[str, Any]:
    """The object in an answer that gives what was asked for. Raises `Complaint` with the server's own words."""
    place = urlsplit(url).netloc
    try:
        fields = msgspec.json.decode(answer.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        fields = {}
    if answer.status != 200:
        raise refused(cloud, place, answer.status, _words(fields) or _start(answer.body))
    if not fields:
        raise Complaint("control.credentials.not_understood", kind="unavailable", cloud=cloud, place=place)
    return fields


_REFUSED = {
    "AWS": "control.credentials.refused_aws",
    "Google": "control.credentials.refused_google",
    "IBM Cloud": "control.credentials.refused_ibm",
    "Microsoft Entra ID": "control.credentials.refused_microsoft",
}


def refused(cloud: str, place: str, status: int, words: str) -> Complaint:
    """The server did not give a token; what to do about it depends on whose it is."""
    kind: ComplaintKind = "unavailable" if status >= 500 or status == 429 else "invalid"
    sentence = "control.credentials.failed" if kind == "unavailable" else _REFUSED[cloud]
    return Complaint(
        sentence,
        kind=kind,
        cloud=cloud,
        place=place,
        status=status,
        words=words[:300],
    )


def token_in(cloud: str, url: str, fields: Mapping[str, Any]) -> str:
    """The token, in an answer of OAuth 2.0."""
    token = fields.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        place = urlsplit(url).netloc
        raise Complaint("control.credentials.not_understood", kind="unavailable", cloud=cloud, place=place)
    return token


def lifetime_in(fields: Mapping[str, Any]) -> float:
    """Seconds that it is good for; some servers write the number as text. An hour, where nothing is said."""
    try:
        seconds = float(fields.get("expires_in", 3600))
    except (TypeError, ValueError):
        return 3600.0
    return min(max(seconds, 60.0), 86400.0)


def _words(fields: Mapping[str, Any]) -> str:
    found = (
        fields.get(name)
        for name in ("error_description", "errorMessage", "error_details", "message", "error")
    )
    return next((item for item in found if isinstance(item, str) and item), "")


def _start(body: bytes) -> str:
    return " ".join(body[:200].decode("utf-8", "replace").split())
