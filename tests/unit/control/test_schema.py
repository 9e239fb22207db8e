from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from counterpoint.control.schema import faults, midnights, nearest
from counterpoint.i18n import say


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1)]
    digits: Annotated[str, Meta(pattern="^[0-9]+$")] | None = None


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    port: Annotated[int, Meta(ge=0, le=9)] = 0
    rate: Annotated[float, Meta(gt=0)] = 1.0
    flag: bool = False
    when: datetime | None = None
    inner: tuple[Inner, ...] = ()
    names: dict[str, str] = {}
    either: Inner | str | None = None
    any: int | float | str | None = None


def test_what_is_right_has_no_faults() -> None:
    assert faults({"port": 9, "rate": 2, "inner": [{"name": "a", "digits": "1"}], "either": "x"}, Outer) == []


def test_every_fault_is_found_with_its_path() -> None:
    found = faults(
        {
            "port": 10,
            "rate": 0,
            "flag": 1,
            "inner": [{"name": ""}, {"digits": "x"}, 5],
            "names": {"a": 1},
            "either": {},
            "prot": 1,
            "any": True,
        },
        Outer,
    )
    assert [(fault.path, fault.sentence.removeprefix("control.config.")) for fault in found] == [
        (("port",), "out_of_range"),
        (("rate",), "not_above"),
        (("flag",), "wrong_type.boolean"),
        (("inner", 0, "name"), "empty"),
        (("inner", 1, "digits"), "wrong_form"),
        (("inner", 1), "missing"),
        (("inner", 2), "wrong_type.table"),
        (("names", "a"), "wrong_type.text"),
        (("either",), "missing"),
        (("prot",), "unknown_name"),
        (("any",), "wrong_type.number_or_text"),
    ]


def test_a_table_alone_is_told_that_there_may_be_several() -> None:
    (fault,) = faults({"inner": {"a": 0.92}}, Outer)
    assert (fault.path, fault.sentence) == (("inner",), "control.config.one_of_several")
    assert "[[inner]]" in say(fault.sentence, lang="en", **fault.values)
    assert fault.values["fields"] == "name"


def test_a_date_will_do_where_a_moment_is_asked_and_nowhere_else() -> None:
    plain = {"when": date(2026, 1, 1), "inner": [{"name": "a"}]}
    assert faults(plain, Outer) == []
    settled = msgspec.convert(midnights(plain, UTC), Outer)
    assert settled.when == datetime(2026, 1, 1, tzinfo=UTC)
    (fault,) = faults({"either": date(2026, 1, 1)}, Outer)
    assert fault.values["found"] == "date"
    (fault,) = faults({"when": datetime(2026, 1, 1)}, Outer)  # noqa: DTZ001 - a time without a zone is the fault
    assert fault.sentence == "control.config.no_zone"


@pytest.mark.parametrize(
    ("word", "meant"), [("prot", "port"), ("workres", "workers"), ("zzz", None), ("", None)]
)
def test_the_nearest_name_is_found(word: str, meant: str | None) -> None:
    assert nearest(word, ["port", "workers", "host"]) == meant


PLAIN = st.recursive(
    st.booleans() | st.integers(-5, 20) | st.floats() | st.text(max_size=3) | st.datetimes() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "digits", "port", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["port", "rate", "flag", "when", "inner", "names", "either", "any", "x"]),
        PLAIN,
        max_size=4,
    )
)
@settings(max_examples=200)
def test_no_fault_means_that_msgspec_agrees(value: dict[str, Any]) -> None:
    found = faults(value, Outer)
    assert all(say(fault.sentence, lang=lang, **fault.values) for fault in found for lang in ("en", "fr"))
    if not found:
        msgspec.convert(midnights(value, UTC), Outer)
