"""Results find their calls."""

from counterpoint.dialects.gemini_generate.calls import Calls


def test_a_result_without_an_id_is_for_the_next_call_of_its_name() -> None:
    calls = Calls()
    first, other, second = calls.call("f", None), calls.call("g", None), calls.call("f", None)
    assert len({first, other, second}) == 3
    assert calls.result("f", None) == first
    assert calls.result("g", None) == other
    assert calls.result("f", None) == second


def test_a_result_with_an_id_is_for_that_call() -> None:
    calls = Calls()
    calls.call("f", "a")
    calls.call("f", "b")
    assert calls.result("f", "b") == "b"
    assert calls.result("f", None) == "a"


def test_a_result_without_a_call() -> None:
    calls = Calls()
    assert calls.result("f", None) == "call_f"
    assert calls.result("f", "x") == "x"
    assert calls.name_of("x") is None


def test_the_name_of_a_call_is_remembered() -> None:
    calls = Calls()
    assert calls.name_of(calls.call("f", "a")) == "f"
