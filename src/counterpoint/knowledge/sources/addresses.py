"""Addresses of the web that outsiders wrote: what a link leads to, and the one name that a page goes by. Pure.

They are read as browsers read them (https://url.spec.whatwg.org/): what a link says with accents and spaces is asked
for, and robots.txt is read alike.
"""

import re
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
_USER = "!$%&'()*+,:"
_PATH = "!$%&'()*+,/:;=@[]|"
_QUERY = "!$%&()*+,/:;=?@[\\]^`{|}"
"""What browsers leave as it is, beside letters, digits and `-._~`."""
_NO_HOST = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|]")
_ESCAPE = re.compile("%[0-9a-fA-F]{2}")


def plain(url: str) -> str:
    """The same page by one name: in ASCII, without a fragment, the host in small letters and without the port that its
    scheme has, a path at least. Raises `ValueError` where it is no address."""
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    target = escaped(parts.path or "/", parts.query)
    path, _, query = target.partition("?")
    return urlunsplit((scheme, _place(parts.netloc, parts.hostname, parts.port, scheme), path, query, ""))


def escaped(path: str, query: str = "") -> str:
    """What is asked of a host."""
    told = quote(path.replace("\\", "/"), safe=_PATH, errors="replace")
    told = _ESCAPE.sub(lambda found: found[0].upper(), told)
    return f"{told}?{quote(query, safe=_QUERY, errors='replace')}" if query else told


def linked(below: str, href: str) -> str | None:
    """Where a link leads from there; `None`: to no page of the web, or nowhere."""
    try:
        url = plain(urljoin(below, href.strip()))
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None


def site_of(url: str) -> tuple[str, str]:
    """What two pages of one site have in common."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _place(netloc: str, host: str | None, port: int | None, scheme: str) -> str:
    if not host:
        if netloc or scheme in _PORTS:
            raise ValueError("it has no host")
        return ""
    said, at, _ = netloc.rpartition("@")
    return f"{quote(said, safe=_USER, errors='replace')}{at}{_named(host)}" + (
        f":{port}" if port is not None and port != _PORTS.get(scheme) else ""
    )


def _named(host: str) -> str:
    if ":" in host:
        address, percent, link = host.partition("%")
        named, ending = f"[{IPv6Address(address)}{percent}{link}]", link
    else:
        named = ending = host if host.isascii() else host.encode("idna").decode()
    if not named.isascii() or _NO_HOST.search(ending):
        raise ValueError("it has no host's name")
    return named
