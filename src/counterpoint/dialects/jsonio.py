"""JSON in and out, with every way it can be wrong turned into one clear refusal.

Why here: all dialects are JSON, and hostile JSON (too deep, not UTF-8, numbers out of range, wrong types)
must never surface as anything but a `Refused` that names the path at fault. `Fields` takes one object
apart: what a dialect asks for by name is checked and removed, what is left over belongs in `extensions`.
"""

from collections.abc import Callable, Iterator
from json import loads as lenient_loads
from typing import Any, TypeVar

import msgspec

from counterpoint.canonical.errors import Failure, FailureKind, Refused
from counterpoint.i18n import say

_decode = msgspec.json.decode
_encode = msgspec.json.Encoder().encode
_T = TypeVar("_T")

MOST_OBJECTS = 250_000
"""Objects in a body that is taken apart, which costs some 10 µs for each: a hundred thousand messages of one part
each, the most that any API takes, come to 200,000."""
_SHOWN = 200


def refusal(sentence: str, param: str | None = None, *, code: str | None = None, **values: Any) -> Refused:
    """A caller's mistake: the sentence with that id, and the JSON path at fault."""
    message = say(sentence, lang="en", **{name: _short(value) for name, value in values.items()})
    return Refused(Failure(FailureKind.bad_request, message, code=code, param=param and _short(param)))


def _short(value: Any) -> Any:
    """A caller's own words are repeated only so far."""
    return f"{value[:_SHOWN]}…" if isinstance(value, str) and len(value) > _SHOWN else value


def not_an_answer(sentence: str, **values: Any) -> Refused:
    """An upstream's mistake: it answered, but not in its dialect."""
    message = say(sentence, lang="en", **values)
    return Refused(Failure(FailureKind.upstream_error, message, code="invalid_answer", from_upstream=True))


def malformed(error: Exception) -> Refused:
    """The refusal for what reading a caller's JSON raised."""
    if isinstance(error, RecursionError):
        return refusal("dialects.json.deep", code="invalid_json")
    if isinstance(error, UnicodeDecodeError):
        return refusal("dialects.json.utf8", code="invalid_json")
    if isinstance(error, msgspec.ValidationError):  # before DecodeError, its parent: a number out of range
        return refusal("dialects.json.range", code="invalid_json", reason=str(error))
    return refusal("dialects.json.malformed", code="invalid_json", reason=str(error))


def decode_object(body: bytes) -> dict[str, Any]:
    """The JSON object a caller sent. Raises `Refused`."""
    try:
        value = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error) from error
    if type(value) is not dict:
        raise refusal("dialects.json.not_object", code="invalid_json", found=kind_of(value))
    if body.count(b"{") > MOST_OBJECTS and _objects(value) > MOST_OBJECTS:  # most braces may stand in strings
        raise refusal("dialects.json.many", code="invalid_json", limit=MOST_OBJECTS)
    return value


def _objects(value: Any) -> int:
    """How many objects there are in `value`."""
    count, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        if type(item) is dict:
            count += 1
            waiting.extend(item.values())
        elif type(item) is list:
            waiting.extend(item)
    return count


class NotJsonError(ValueError):
    """An upstream's bytes are not JSON."""


def parse(data: bytes | str) -> Any:
    """JSON from an upstream, as forgivingly as is safe: halves of surrogate pairs, which some hosts cut a
    stream between, become U+FFFD. Raises `NotJsonError` if it is not JSON at all."""
    try:
        return _decode(data)
    except RecursionError as error:
        raise NotJsonError(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    try:
        value = lenient_loads(text, parse_constant=_no_constant)
        return _decode(_encode(_repaired(value)))
    except (RecursionError, OverflowError, ValueError) as error:
        raise NotJsonError(str(error)) from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and the infinities are not JSON


def _repaired(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_repaired(key): _repaired(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_repaired(item) for item in value]
    return value


def encode(value: Any) -> bytes:
    """`value` as JSON. Raises `Refused` where it cannot be (nested too deep for the stack at hand)."""
    try:
        return _encode(value)
    except (RecursionError, OverflowError, UnicodeEncodeError) as error:
        raise refusal("dialects.json.deep", code="invalid_json") from error


def compact(value: Any) -> str:
    """`value` as JSON text."""
    return encode(value).decode()


def kind_of(value: Any) -> str:
    """What a JSON value is, for a sentence: "a string", "an object"."""
    if type(value) is int and not _is_integer(value):
        return say("dialects.kind.huge", lang="en")
    return say(f"dialects.kind.{_KINDS.get(type(value), 'unknown')}", lang="en")


_KINDS: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _is_integer(value: Any) -> bool:
    whole = type(value) is int or (type(value) is float and value.is_integer())
    return whole and -(2**63) <= value < 2**64  # what every reader of numbers takes


def _is_number(value: Any) -> bool:
    return type(value) is float or type(value) is int


def _is_array(value: Any) -> bool:
    return type(value) is list


def _is_object(value: Any) -> bool:
    return type(value) is dict


class Fields:
    """One JSON object being taken apart.

    A field that is absent or null gives `None`; a null stays in `left`, so that it goes out as it came in.
    One of the wrong type raises `Refused` with its path when `strict` (a caller's request); otherwise (an
    upstream's answer) it gives `None` and stays in `left`, so that it is still passed on as an extension.
    What should be an object but is not is always refused. `whole` is the object as it was.
    """

    __slots__ = ("_strict", "left", "path", "whole")

    def __init__(self, value: Any, path: str = "", *, strict: bool = True) -> None:
        if type(value) is not dict:
            if strict:
                raise wrong_type(path, "object", value)
            raise not_an_answer("dialects.upstream.not_object", path=path or "the body", found=kind_of(value))
        self.whole: dict[str, Any] = value
        self.left: dict[str, Any] = dict(value)
        if any(name[:1] == "~" for name in value):
            # They would read as spellings of ours (see `dialects.extensions`).
            self.left = {f"~{name}" if name[:1] == "~" else name: item for name, item in value.items()}
        self.path = path
        self._strict = strict

    @property
    def strict(self) -> bool:
        """Whether a wrong type is refused."""
        return self._strict

    def at(self, name: str) -> str:
        """The JSON path of a field of this object."""
        return f"{self.path}.{name}" if self.path else name

    def __contains__(self, name: str) -> bool:
        return self.left.get(name) is not None

    def any(self, name: str) -> Any:
        """Whatever stands there."""
        return self.left.pop(name, None)

    def text(self, name: str) -> str | None:
        """A string."""
        value: str | None = self._take(name, _is_text, "string")
        return value

    def boolean(self, name: str) -> bool | None:
        """True or false."""
        value: bool | None = self._take(name, _is_boolean, "boolean")
        return value

    def integer(self, name: str) -> int | None:
        """A whole number; `3.0` is one."""
        value = self._take(name, _is_integer, "integer")
        return None if value is None else int(value)

    def number(self, name: str) -> float | None:
        """A number, as it was written: 1 stays an integer so that it goes out as it came in."""
        value: float | None = self._take(name, _is_number, "number")
        return value

    def array(self, name: str) -> list[Any] | None:
        """A list of anything."""
        value: list[Any] | None = self._take(name, _is_array, "array")
        return value

    def object(self, name: str) -> dict[str, Any] | None:
        """An object, still whole."""
        value: dict[str, Any] | None = self._take(name, _is_object, "object")
        return value

    def texts(self, name: str) -> tuple[str, ...] | None:
        """A list of strings."""
        values = self.array(name)
        if values is None:
            return None
        for index, value in enumerate(values):
            if type(value) is not str:
                if not self.strict:
                    self.left[name] = values
                    return None
                raise wrong_type(f"{self.at(name)}[{index}]", "string", value)
        return tuple(values)

    def inner(self, name: str) -> "Fields | None":
        """An object, to be taken apart too."""
        value = self.object(name)
        return None if value is None else Fields(value, self.at(name), strict=self.strict)

    def each(self, name: str) -> Iterator["Fields"]:
        """The objects of a list, each to be taken apart. An absent list has none."""
        for index, value in enumerate(self.array(name) or ()):
            yield self.item(value, name, index)

    def item(self, value: Any, name: str, index: int) -> "Fields":
        """One object of the list `name`, to be taken apart too."""
        return Fields(value, f"{self.at(name)}[{index}]", strict=self.strict)

    def needed(self, name: str, take: Callable[[str], _T | None]) -> _T:
        """`take(name)`, which must be there: `fields.needed("model", fields.text)`."""
        value = take(name)
        if value is None and not self.strict:
            raise not_an_answer("dialects.upstream.missing", path=self.at(name))
        if value is None:
            raise refusal(
                "dialects.field.missing", self.at(name), code="missing_required_parameter", path=self.at(name)
            )
        return value

    def _take(self, name: str, fits: Callable[[Any], bool], kind: str) -> Any:
        value = self.left.get(name)
        if value is None:
            return None
        if not fits(value):
            if self.strict:
                raise wrong_type(self.at(name), kind, value)
            return None
        del self.left[name]
        return value


def wrong_type(path: str, wanted: str, found: Any) -> Refused:
    """`path` should be a `wanted` (`string`, `array`, ...) but holds `found`."""
    return refusal(
        "dialects.field.type",
        path,
        code="invalid_type",
        path=path or "the body",
        wanted=say(f"dialects.kind.{wanted}", lang="en"),
        found=kind_of(found),
    )
