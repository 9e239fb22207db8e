"""Cache marks, which hosts of other dialects take over from this one under the same name (OpenRouter does)."""

from counterpoint.canonical import Extensions
from counterpoint.dialects.anthropic_messages.names import NAME

_MARK = "cache_control"


def with_mark(extensions: Extensions) -> Extensions:
    """`extensions`, a `cache_control` of another dialect made one of this."""
    if not extensions:
        return extensions
    for dialect, fields in extensions.items():
        if dialect != NAME and isinstance(fields.get(_MARK), dict):
            others = {name: value for name, value in fields.items() if name != _MARK}
            own = {**extensions.get(NAME, {}), _MARK: fields[_MARK]}
            return {**extensions, dialect: others, NAME: own}
    return extensions
