"""How a workbook shows its numbers: `0.125` whose format is a percentage is `12.5%` to everybody who looks at it.

The library that reads the cells does not tell their formats, so that styles and cells of xlsx files are looked through
once more, for two things only: percentages, and how many places are shown after the point.
"""

import posixpath
import re
from typing import Final

from counterpoint.knowledge.parsing.ooxml import Package, child, children, get
from counterpoint.knowledge.parsing.outcome import UnreadableError
from counterpoint.knowledge.parsing.packages import part

MOST_BYTES: Final = 40 * 1024 * 1024
"""Of a sheet: larger ones are read with their numbers as they are kept."""

_BUILT_IN: Final = {1: "0", 2: "2", 3: "0", 4: "2", 9: "0%", 10: "2%", 37: "0", 38: "0", 39: "2", 40: "2"}
"""Formats that have a number instead of a pattern (ISO/IEC 29500-1, 18.8.30)."""

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)/?>")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d{1,6})"')
_NUMERIC = re.compile(rb'\bt="(?!n")')
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')

_MOST_PLACES: Final = 30
"""That a spreadsheet shows."""

Places = dict[tuple[int, int], str]
"""By row and column: `2` for two places, `1%` for a percentage with one."""


class Formats:
    """Of a workbook's sheets, looked up when they are read."""

    def __init__(
        self, data: bytes = b"", styles: tuple[str, ...] = (), sheets: dict[str, str] | None = None
    ) -> None:
        self._data = data
        self._styles = styles
        self._sheets = sheets or {}

    @property
    def parts(self) -> dict[str, str]:
        """Of which part each sheet is, as far as that was found."""
        return self._sheets

    def of_sheet(self, name: str) -> Places:
        """Its cells with a format that matters."""
        if not any(self._styles) or name not in self._sheets:
            return {}
        found: Places = {}
        for match in _CELL.finditer(part(self._data, self._sheets[name], MOST_BYTES)):
            attributes = match[1]
            style, reference = _STYLE.search(attributes), _REFERENCE.search(attributes)
            if style is None or reference is None or _NUMERIC.search(attributes):
                continue
            number = int(style[1])
            if number < len(self._styles) and self._styles[number]:
                column = 0
                for letter in reference[1]:
                    column = column * 26 + letter - 64
                found[int(reference[2]) - 1, column - 1] = self._styles[number]
        return found


def formats_of(data: bytes) -> Formats:
    """Of a workbook of XML; of others, nothing is known."""
    if not data.startswith(b"PK"):
        return Formats()
    try:
        package = Package(data)
        name, root = package.main("xl/workbook.xml")
    except UnreadableError:
        return Formats()
    targets = package.related(name)
    styles = package.xml(package.of_kind(name, "styles") or posixpath.join("xl", "styles.xml"))
    patterns = {
        get(each, "numFmtId"): get(each, "formatCode")
        for each in children(child(styles, "numFmts"), "numFmt")
    }
    shown = []
    for each in children(child(styles, "cellXfs"), "xf"):
        number = get(each, "numFmtId")
        shown.append(
            pattern_of(patterns[number]) if number in patterns else _BUILT_IN.get(_whole(number), "")
        )
    sheets = {}
    for each in children(child(root, "sheets"), "sheet"):
        relation = next((value for key, value in each.attrib.items() if key.endswith("}id")), "")
        sheets[get(each, "name")] = targets.get(relation, ("", ""))[1]
    return Formats(data, tuple(shown), sheets)


def pattern_of(code: str) -> str:
    """What matters of a number's format: `0.0%` is `1%`, `#,##0.00 €` is `2`; nothing where that would mislead."""
    positive = _NOT_SHOWN.sub("", code.partition(";")[0])
    if not re.search("[0#]", positive) or re.search("[ymdhsE/?]", positive, re.IGNORECASE):
        return ""
    if "," in positive and re.search(r",\s*(?:$|%|\.|[^0#?])", positive):
        return ""  # shown in thousands or millions
    after = re.search(r"\.([0#]*)", positive)
    places = after[1] if after else ""
    if len(places) > _MOST_PLACES or ("#" in places and "%" not in positive):
        return ""
    return f"{len(places)}%" if "%" in positive else str(len(places))


def _whole(number: str) -> int:
    return int(number) if number.isdigit() else -1
