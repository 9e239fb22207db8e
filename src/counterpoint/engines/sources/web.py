"""HTTP for fetching models: the standard library's client, made careful.

Careful means: credentials go to the host they are for and are dropped at a redirect to another one (model hubs
redirect to storage hosts), only HTTPS is spoken except with this machine or where the operator trusts a host, no
compression is accepted (hashes and ranges are of the file), and every wait has an end.
"""

import base64
import http.client
import netrc
import ssl
import urllib.request
from email.message import Message
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from counterpoint import __version__
from counterpoint.i18n.complaint import Complaint

AGENT: Final = f"counterpoint/{__version__}"
TIMEOUT: Final = 60.0
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
_REDIRECTS: Final = {301, 302, 303, 307, 308}

Response = http.client.HTTPResponse


class Web:
    """A client. `certificates`: a file or folder of authorities besides the system's; `client_certificate`: ours;
    `proxy`: for both schemes (default: the environment's); `trusted`: hosts that need no valid certificate, or
    may be spoken to in plain HTTP (pip's `trusted-host`)."""

    def __init__(
        self,
        certificates: str | None = None,
        client_certificate: str | None = None,
        proxy: str | None = None,
        trusted: frozenset[str] = frozenset(),
        timeout: float = TIMEOUT,
    ) -> None:
        self._timeout = timeout
        self._trusted = trusted
        self._proxy = proxy
        self._strict = _context(certificates, client_certificate)
        self._lax = _context(certificates, client_certificate)
        self._lax.check_hostname = False
        self._lax.verify_mode = ssl.CERT_NONE

    def open(
        self, url: str, headers: tuple[tuple[str, str], ...] = (), *, method: str = "GET", follow: bool = True
    ) -> Response:
        """The answer, whatever its status. Raises `Complaint` when there is none."""
        address, own = without_credentials(url)
        self._check(address)
        request = urllib.request.Request(address, method=method)  # noqa: S310 - the scheme was checked
        request.add_header("User-Agent", AGENT)
        request.add_header("Accept-Encoding", "identity")
        for name, value in (*own, *headers):
            request.add_header(name, value)
        try:
            answer = self._opener(address, follow).open(request, timeout=self._timeout)
        except (OSError, http.client.HTTPException) as error:
            host = urlsplit(address).hostname
            reason = getattr(error, "reason", None) or error
            raise Complaint(
                "engines.pull.unreachable", kind="unavailable", host=host, reason=reason
            ) from error
        return _checked(answer)

    def _opener(self, address: str, follow: bool) -> urllib.request.OpenerDirector:
        trusted = urlsplit(address).hostname in self._trusted
        proxies = {"http": self._proxy, "https": self._proxy} if self._proxy else None
        return urllib.request.build_opener(
            urllib.request.ProxyHandler(proxies),
            urllib.request.HTTPSHandler(context=self._lax if trusted else self._strict),
            _Redirects(self),
            _Statuses(follow),
        )

    def _check(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme == "https":
            return
        if parts.scheme == "http" and (parts.hostname in _LOOPBACK or parts.hostname in self._trusted):
            return
        raise Complaint("engines.pull.not_https", url=address)

    def allows(self, address: str) -> None:
        """Raises `Complaint` when `address` must not be spoken to."""
        self._check(address)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, and leaves credentials behind when the host changes."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        self._web.allows(newurl)
        request = super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
        if request is not None:
            if req.get_method() == "HEAD":
                request.method = "HEAD"
            if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
                for name in ("Authorization", "Cookie"):
                    request.remove_header(name)
        return request


class _Statuses(urllib.request.HTTPErrorProcessor):
    """Hands every answer back as it is, but for redirects when they are to be followed."""

    def __init__(self, follow: bool) -> None:
        self._follow = follow

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        if self._follow and response.status in _REDIRECTS:
            return super().http_response(request, response)
        return response

    https_response = http_response


def without_credentials(url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The address without user and password, and the header that carries them; from the netrc file (as pip and
    curl do) if the address has none."""
    parts = urlsplit(url)
    user, password = parts.username, parts.password
    if user is None and parts.hostname and parts.scheme == "https":
        user, password = _netrc(parts.hostname)
    if parts.username is not None:
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    if user is None:
        return url, ()
    return url, (("Authorization", basic(unquote(user), unquote(password or ""))),)


def basic(user: str, password: str) -> str:
    """A header's value (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _netrc(host: str) -> tuple[str | None, str | None]:
    try:
        entry = netrc.netrc().authenticators(host)
    except (OSError, netrc.NetrcParseError):
        return None, None
    return (entry[0], entry[2]) if entry else (None, None)


def _context(certificates: str | None, client_certificate: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if certificates:
        if Path(certificates).is_dir():
            context.load_verify_locations(capath=certificates)
        else:
            context.load_verify_locations(cafile=certificates)
    if client_certificate:
        context.load_cert_chain(client_certificate)
    return context


def _checked(answer: Any) -> Response:
    if not isinstance(answer, http.client.HTTPResponse):
        raise TypeError(f"not an HTTP answer: {type(answer)}")
    return answer


def header_of(answer: Response, name: str) -> str | None:
    """A header's value."""
    value = answer.headers.get(name)
    return None if value is None else str(value)
