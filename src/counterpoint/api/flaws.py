"""What is wrong with a request, thing by thing, in words of the reader's language. Never with what was sent: it may
be a secret."""

from collections.abc import Mapping
from typing import Any, Final

from counterpoint.api.shapes.common import Flaw
from counterpoint.i18n import say

WRITTEN: Final = "written"
"""The kind of our own: a time that is not written as one."""
_SENTENCES: Final = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_type": "text",
    "string_sub_type": "text",
    "string_unicode": "text",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_parsing_size": "whole",
    "int_from_float": "whole",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "number",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "list_type": "list",
    "dict_type": "table",
    "model_type": "table",
    "model_attributes_type": "table",
    "string_too_long": "long",
    "string_too_short": "short",
    "too_long": "many",
    "string_pattern_mismatch": "form",
    "greater_than_equal": "least",
    "less_than_equal": "most",
    "less_than": "below",
    "literal_error": "one_of",
    "json_invalid": "json",
    "timezone_aware": "moment",
    WRITTEN: "moment",
}
_MOMENTS: Final = ("datetime_", "date_")


def flaw(error: Mapping[str, Any], lang: str) -> Flaw:
    """One of the framework's findings."""
    where = ".".join(str(step) for step in error["loc"])
    kind = str(error["type"])
    name = "moment" if kind.startswith(_MOMENTS) else _SENTENCES.get(kind)
    if name is None:
        return Flaw(where, str(error["msg"]))
    context = error.get("ctx") or {}
    values = {
        "most": context.get("max_length", context.get("le", context.get("lt"))),
        "least": context.get("min_length", context.get("ge")),
        "form": context.get("pattern"),
        "expected": context.get("expected"),
        "reason": context.get("error"),
    }
    return Flaw(where, say(f"api.flaw.{name}", lang=lang, **values))
