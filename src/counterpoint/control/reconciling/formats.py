"""What the columns of a vendor's usage and cost files mean: data, one file for each kind in `catalog/data/billing`,
or an operator's own."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import msgspec

from counterpoint.i18n.complaint import Complaint


class Meter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line whose meter holds all of these words, in lower case, is of class `name`. The first that fits counts."""

    words: tuple[str, ...]
    name: str


class Format(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`columns`: by which a file of this kind is known. Either `counts`, by class a column or a difference of columns
    (`input - cached`), or `meter`, the column that says what a line counts, with `quantity`, and `unit`, whose text
    says by which of `units` the quantity is multiplied; `meter_else`: the column that says it where that one is empty.
    `model`: the column that names it; `model_ends`: what follows
    its name there; `model_within`: whether it stands somewhere in that text. `where`: the values that lines must
    have. `scale`: of costs. `merged`: classes of ours that it counts as another. `unmetered`: the class of lines
    whose meter is none. `modelless`: classes of which it names no model."""

    name: str
    columns: tuple[str, ...]
    day: str
    model: str
    model_ends: str = ""
    model_within: bool = False
    counts: dict[str, str] = {}
    meter: str = ""
    meter_else: str = ""
    meters: tuple[Meter, ...] = ()
    unmetered: str = ""
    quantity: str = ""
    unit: str = ""
    units: dict[str, int] = {}
    cost: str = ""
    scale: str = "1"
    currency: str = ""
    currency_is: str = ""
    where: dict[str, tuple[str, ...]] = {}
    merged: dict[str, str] = {}
    modelless: tuple[str, ...] = ()
    provider: str = ""
    source: str = ""


def known() -> Mapping[str, Format]:
    """Those that come with the program, by name."""
    folder = files("counterpoint.catalog") / "data" / "billing"
    found = [
        msgspec.convert(tomllib.loads(entry.read_text("utf-8")), Format)
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    ]
    return {each.name: each for each in found}


def read_format(path: Path) -> Format:
    """An operator's own. Raises `Complaint`."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Format)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise Complaint("control.reconciling.bad_format", path=str(path), reason=str(error)) from error


def recognised(columns: frozenset[str], formats: Mapping[str, Format]) -> Format:
    """The kind that a file with these columns is: of those that fit, the one with the most. Raises `Complaint`."""
    fitting = [each for each in formats.values() if columns >= set(each.columns)]
    if not fitting:
        raise Complaint("control.reconciling.unknown", known=", ".join(formats))
    return max(fitting, key=lambda each: len(each.columns))
