"""Look up a sentence by id and language."""

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "fr")


@cache
def sentences(language: str) -> dict[str, str]:
    """All sentences of a language by dotted id, gathered from every file in its folder."""
    gathered: dict[str, str] = {}
    for entry in sorted((files("counterpoint.i18n") / language).iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            gathered.update(_flatten("", tomllib.loads(entry.read_text("utf-8"))))
    return gathered


def _flatten(prefix: str, table: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat.update(_flatten(f"{prefix}{name}.", value))
        else:
            flat[prefix + name] = value
    return flat


@cache
def system_language() -> str:
    """The language of this process's user: `COUNTERPOINT_LANG`, else the POSIX locale, else English."""
    for variable in ("COUNTERPOINT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")[:2].lower()
        if value in LANGUAGES:
            return value
        if value:
            break
    return "en"


def negotiate(accept_language: str) -> str:
    """The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4); English if none fits."""
    best, best_weight = "en", 0.0
    for item in accept_language.split(","):
        tag, _, parameters = item.strip().partition(";")
        weight = 1.0
        if parameters.strip().startswith("q="):
            try:
                weight = float(parameters.strip()[2:])
            except ValueError:
                continue
        language = tag[:2].lower()
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def say(sentence: str, /, *, lang: str | None = None, **values: Any) -> str:
    """The sentence with that id in `lang` (default: the process's user's language), `values` filled in.

    Raises `KeyError` for an unknown id: a missing sentence is a defect, not a fallback.
    """
    return sentences(lang or system_language())[sentence].format_map(values)
