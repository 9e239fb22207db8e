"""What every page has in common: its frame, its style, and how text becomes HTML.

Addresses within pages are relative, so that the studio also works below a path of a reverse proxy.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from starlette.responses import HTMLResponse, Response

from counterpoint.i18n import say

_ASSETS: Final = {"page.css": "text/css", "favicon.svg": "image/svg+xml"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Html:
    """Plain text as HTML; what is HTML already stays."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def tag(element: str, /, *content: object, **attributes: str | None) -> Html:
    """`<element attribute="...">content</element>`. `class_` and `for_` stand for the words that Python keeps; an
    attribute that is `None` is left out."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if element in ("input", "link", "meta"):
        return Html(f"<{element}{shown}>")
    return Html(f"<{element}{shown}>{join(content)}</{element}>")


def join(parts: Iterable[object]) -> Html:
    """One after the other."""
    return Html("".join(text(part) for part in parts))


def document(lang: str, title: str, *, main: Html, aside: Html | None = None, status: int = 200) -> Response:
    """A whole page. `aside`: at the end of its header."""
    head = join(
        (
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", f"{title} · Counterpoint"),
            tag("link", rel="icon", href=_versioned("favicon.svg"), type="image/svg+xml"),
            tag("link", rel="stylesheet", href=_versioned("page.css")),
        )
    )
    body = join(
        (
            tag("a", say("api.page.skip", lang=lang), class_="skip", href="#main"),
            tag("header", tag("p", tag("a", "Counterpoint", href="."), class_="brand"), aside or ""),
            tag("main", main, id="main"),
        )
    )
    page = "<!doctype html>" + tag("html", tag("head", head), tag("body", body), lang=lang)
    return HTMLResponse(page, status, headers={"Content-Language": lang, "Vary": "Accept-Language, Cookie"})


def asset(name: str) -> Response:
    """A file of ours. Its address changes with its content, so it may be kept for ever."""
    return Response(_content(name), media_type=_ASSETS[name], headers={"Cache-Control": _FOR_EVER})


def _versioned(name: str) -> str:
    return f"{name}?v={hashlib.sha256(_content(name)).hexdigest()[:12]}"


@cache
def _content(name: str) -> bytes:
    return (files("counterpoint.api.pages") / "assets" / name).read_bytes()
