"""Tries a host for real, and says in one word what stands in the way: the name, the connection, the certificate,
the secret, the address, the host itself.

It asks for the host's list of models, or, where there is none, for an answer of one token. Plain blocking
sockets, in the thread of whoever asks: this is no data plane.
"""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import msgspec

from counterpoint.canonical import ChatRequest, Message, Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT
from counterpoint.dialects.splice import with_fields
from counterpoint.directory.values import Host, Signing
from counterpoint.i18n import say
from counterpoint.transport.reach import http_connection
from counterpoint.transport.signing import sign

Verdict = Literal[
    "ok",
    "unproven",
    "name_unknown",
    "unreachable",
    "timeout",
    "certificate",
    "tls",
    "refused_secret",
    "not_found",
    "rate_limited",
    "redirected",
    "host_failed",
    "not_understood",
    "unverified",
    "no_token",
]
_LARGEST = 16 * 1024 * 1024


class Outcome(msgspec.Struct, frozen=True):
    """`models`: ids that the host listed, `None` if it was not asked or did not say. `status`: of its answer.
    `detail`: what the system or the host said, for whoever wants to know more."""

    verdict: Verdict
    url: str
    status: int | None = None
    models: tuple[str, ...] | None = None
    seconds: float = 0.0
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether calls will get through, as far as could be told."""
        return self.verdict in ("ok", "unproven")

    def sentence(self, lang: str | None = None) -> str:
        """In words, with what to do."""
        place = urlsplit(self.url).netloc or self.url
        if self.verdict == "ok" and self.models is not None:
            return say("control.probe.ok_models", lang=lang, count=len(self.models), place=place)
        return say(
            f"control.probe.{self.verdict}",
            lang=lang,
            count=len(self.models or ()),
            place=place,
            url=self.url,
            status=self.status,
            detail=self.detail,
        )


def probe(
    host: Host,
    *,
    models_url: str,
    secret_header: str = "",
    model: Callable[[], str | None] = lambda: None,
    timeout: float = 15.0,
) -> Outcome:
    """Tries `host`. `models_url`: where it lists its models, empty if it does not. `secret_header`: the header
    that carries the secret, empty if there is none. `model`: finds one to ask, should that be needed."""
    if not models_url:
        return _asked(host, model(), timeout) or Outcome("unverified", host.base_url)
    headers = dict(host.headers)
    listed = _listed(_exchange("GET", models_url, headers, None, timeout, host.signing))
    if not listed.ok or not secret_header:
        return listed
    # Some hosts show their list to anybody: then it proves nothing about the secret.
    without = {name: value for name, value in headers.items() if name != secret_header}
    if not _judged(_exchange("GET", models_url, without, None, timeout))[0].ok:
        return listed
    asked = _asked(host, model(), timeout)
    if asked is None:
        return msgspec.structs.replace(listed, verdict="unproven")
    return msgspec.structs.replace(asked, models=listed.models)


def _asked(host: Host, model: str | None, timeout: float) -> Outcome | None:
    """An answer of one token, if there is a model and a dialect to ask for it."""
    for name, path in host.dialects.items():
        if model is not None and name in CHAT and host.takes(name, model):
            request = ChatRequest(model=model, messages=(Message("user", (Text("1"),)),), max_output=1)
            body = CHAT[name].encode_request(request, Target(model, quirks=host.quirks), name).body
            body = with_fields(body, host.body)
            template = path.replace("{model}", quote(model, safe="" if "{model}/" in path else "/:@"))
            url = host.base_url + CHAT[name].address(template, "chat", stream=False)
            own = dict(host.variants.get(name, host.headers))
            headers = {"content-type": "application/json", **own}
            return _judged(_exchange("POST", url, headers, body, timeout, host.signing))[0]
    return None


class _Answer(msgspec.Struct):
    outcome: Outcome
    body: bytes = b""


def _exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    timeout: float,
    signing: Signing | None = None,
) -> _Answer:
    """One request. An `Outcome` with a status still has to be judged."""
    began = time.monotonic()
    if signing is not None:
        headers = {**headers, **dict(sign(method, url, headers.items(), body or b"", time.time(), signing))}

    def outcome(verdict: Verdict, **values: Any) -> _Answer:
        return _Answer(Outcome(verdict, url, seconds=time.monotonic() - began, **values))

    connection: http.client.HTTPConnection | None = None
    try:
        connection = _connection(url, timeout)
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        own = {"accept": "application/json", "user-agent": "counterpoint"}
        connection.request(method, target, body, {**own, **headers})
        response = connection.getresponse()
        content = response.read(_LARGEST)
        answer = outcome("ok", status=response.status, detail=response.getheader("location") or "")
        answer.body = content
        return answer
    except socket.gaierror as error:
        return outcome("name_unknown", detail=str(error))
    except ssl.SSLCertVerificationError as error:
        return outcome("certificate", detail=error.verify_message)
    except ssl.SSLError as error:
        return outcome("tls", detail=error.reason or str(error))
    except TimeoutError:
        return outcome("timeout")
    except http.client.HTTPException as error:
        return outcome("not_understood", detail=repr(error))
    except (OSError, ValueError) as error:
        return outcome("unreachable", detail=str(error))
    finally:
        if connection is not None:
            connection.close()


def _connection(url: str, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError(url)
    return http_connection(parts.scheme, parts.hostname, parts.port, timeout)


def _judged(answer: _Answer) -> tuple[Outcome, bytes]:
    outcome = answer.outcome
    if outcome.status is None or 200 <= outcome.status < 300:
        return outcome, answer.body
    return (
        msgspec.structs.replace(
            outcome,
            verdict=_verdict(outcome.status),
            detail=outcome.detail or answer.body[:300].decode("utf-8", "replace").strip(),
        ),
        b"",
    )


def _verdict(status: int) -> Verdict:
    if status in (401, 403):
        return "refused_secret"
    if status in (404, 405, 410):
        return "not_found"
    if status == 429:
        return "rate_limited"
    if 300 <= status < 400:
        return "redirected"
    return "host_failed"


def _listed(answer: _Answer) -> Outcome:
    outcome, body = _judged(answer)
    if not outcome.ok:
        return outcome
    models = model_ids(body)
    if models is None:
        detail = body[:300].decode("utf-8", "replace").strip()
        return msgspec.structs.replace(outcome, verdict="not_understood", detail=detail)
    return msgspec.structs.replace(outcome, models=models)


def model_ids(body: bytes) -> tuple[str, ...] | None:
    """The ids in a list of models: an array of objects, or one under `data` or `models`. `None` if it is none."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    if isinstance(found, dict):
        found = found.get("data", found.get("models"))
    if not isinstance(found, list):
        return None
    ids = []
    for item in found:
        name = item.get("id", item.get("name")) if isinstance(item, dict) else item
        if isinstance(name, str) and 0 < len(name) <= 300 and name.isprintable():
            ids.append(name)
    return tuple(dict.fromkeys(ids))
