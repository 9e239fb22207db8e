"""Ids of calls that fit the grammar of APIs which take letters, digits, `_` and `-` only.

Hosts of other dialects issue `functions.search:0` and worse, so an id that does not fit is written as `cpx_` and the
hexadecimal of its UTF-8, which can be undone.
"""

import re

_FITS = re.compile(r"[a-zA-Z0-9_-]+")
_ESCAPED = re.compile(r"cpx_((?:[0-9a-f]{2})*)")


def escaped(call_id: str) -> str:
    """`call_id` as this dialect can say it; `original` undoes it."""
    if _FITS.fullmatch(call_id):
        return call_id
    return "cpx_" + call_id.encode("utf-8", "surrogatepass").hex()


def original(call_id: str) -> str:
    """The id that `escaped` had written; any other id as it is."""
    match = _ESCAPED.fullmatch(call_id)
    if match is None:
        return call_id
    try:
        text = bytes.fromhex(match[1]).decode()
    except UnicodeDecodeError:
        return call_id
    return text if escaped(text) == call_id else call_id
