"""One spelling of field names.

The API reads protocol buffers' JSON, in which `fileData` and `file_data` are the same field
(https://protobuf.dev/programming-guides/json/), and clients write both. What stands in a field whose keys are
the caller's own (a tool's arguments, a schema) is left alone.
"""

import re
from typing import Any

OWN_KEYS = frozenset(
    {
        "args",
        "response",
        "labels",
        "parameters",
        "parametersJsonSchema",
        "responseSchema",
        "responseJsonSchema",
    }
)
"""Fields, in camel case, whose values have keys that are not the API's."""
_SNAKE = re.compile(r"_+([a-z0-9])")


def camel(value: Any) -> Any:
    """`value` with every field of the API in camel case. A name that stands there in both stays as it is."""
    if type(value) is list:
        return [camel(item) for item in value]
    if type(value) is not dict:
        return value
    named: dict[str, Any] = {}
    for key, item in value.items():
        name = key
        if "_" in key and key[:1] not in {"_", "~"}:
            name = _SNAKE.sub(lambda found: found[1].upper(), key)
            name = key if name in value else name
        named[name] = item if name in OWN_KEYS else camel(item)
    return named
