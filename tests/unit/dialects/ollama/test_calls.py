"""Which call a result answers."""

from counterpoint.dialects.ollama.calls import Calls


def test_a_result_is_for_its_id_its_tool_or_the_next_call() -> None:
    calls = Calls()
    first, second = calls.call("a", None), calls.call("b", "own")
    third = calls.call("a", None)
    assert (second, calls.name_of(third)) == ("own", "a")
    assert calls.result(None, "own") == "own"
    assert calls.result("a", None) == first
    assert calls.result(None, None) == third
    assert calls.result("c", None) == "call_c"
    assert calls.name_of("never") is None
