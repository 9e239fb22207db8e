"""A streamed block that only this dialect understands: gathered here, handed on whole."""

from typing import Any

from counterpoint.dialects.jsonio import parse


class GrowingBlock:
    """The block of a `content_block_start` while its deltas come in.

    `input_json_delta` rebuilds `input`; any other delta's strings are added to the block's field of that name,
    so that kinds of delta which did not exist when this was written are not lost either.
    """

    def __init__(self, raw: dict[str, Any]) -> None:
        self._block = dict(raw)
        self._pieces: dict[str, list[str]] = {}

    def grow(self, delta: dict[str, Any]) -> None:
        """One more delta."""
        for name, value in delta.items():
            if name == "type":
                continue
            if name == "citation":
                self._block["citations"] = [*(self._block.get("citations") or ()), value]
            elif type(value) is str:
                self._pieces.setdefault(name, []).append(value)
            elif value is not None:
                self._block[name] = value

    def whole(self) -> dict[str, Any]:
        """The block as a whole answer would have it."""
        block = dict(self._block)
        for name, pieces in self._pieces.items():
            text = "".join(pieces)
            if name == "partial_json":
                if text:
                    block["input"] = _object_or_text(text)
            else:
                begun = block.get(name)
                block[name] = begun + text if type(begun) is str else text
        return block


def _object_or_text(text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return text
