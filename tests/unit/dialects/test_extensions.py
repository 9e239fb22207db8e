"""Fields without a word in the hub: put back at home, declared lost abroad."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Loss
from counterpoint.dialects.extensions import (
    adopted,
    extras,
    fields_of,
    foreign,
    foreign_losses,
    spelling,
    spoken_in,
)
from counterpoint.dialects.jsonio import Fields

NAMES = st.text(st.sampled_from("~ab."), min_size=1, max_size=4)


@given(st.dictionaries(NAMES, st.none() | st.integers(), max_size=5))
def test_every_field_comes_back_whatever_its_name(fields: dict[str, Any]) -> None:
    kept = extras("home", {**Fields(fields).left, "~spelled": "so"})
    assert fields_of(kept, "home") == fields
    assert spelling(kept, "home", "spelled") == "so"
    assert dict(foreign(kept, "abroad")) == {
        name: value for name, value in fields.items() if value is not None
    }
    assert list(foreign(kept, "home")) == []


def test_nothing_left_is_no_extension() -> None:
    assert extras("home", {}) == {}
    assert fields_of({}, "home") == {}
    assert spelling({}, "home", "x") is None


def test_losses_have_a_code_a_path_and_a_severity() -> None:
    kept = extras("home", {"cache_control": {}, "strange": 1, "store": True, "null": None, "~spelled": 1})
    assert [
        (loss.code, loss.path, loss.severity) for loss in foreign_losses(kept, "abroad", "messages[0]")
    ] == [
        ("field.cache_control", "messages[0].cache_control", "degraded"),
        ("field.strange", "messages[0].strange", "meaning"),
        ("field.store", "messages[0].store", "cosmetic"),
    ]
    assert [loss.path for loss in foreign_losses(extras("home", {"x": 1}), "abroad", "")] == ["x"]
    assert all(isinstance(loss, Loss) for loss in foreign_losses(kept, "abroad", ""))


def test_fields_that_mean_the_same_are_taken_over() -> None:
    theirs: dict[str, dict[str, Any]] = {
        "elsewhere": {"verbosity": "low", "odd": 1, "store": None},
        "here": {"own": 2},
    }
    names = {"verbosity": "text.verbosity", "store": "store"}
    assert adopted(theirs, "here", names) == {
        "elsewhere": {"odd": 1, "store": None},
        "here": {"text.verbosity": "low", "own": 2},
    }
    assert adopted({"here": {"verbosity": "low"}}, "here", names) == {"here": {"verbosity": "low"}}


def test_an_envelope_holds_the_words_of_another_dialect() -> None:
    assert spoken_in({"envelope": {"~inner": "spoken"}}, "envelope") == "spoken"
    assert spoken_in({"envelope": {"~inner": "spoken"}}, "spoken") == "spoken"
    assert spoken_in({}, "envelope") == "envelope"
