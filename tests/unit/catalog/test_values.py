"""Conditions on model ids."""

import pytest

from counterpoint.catalog.values import Clause


@pytest.mark.parametrize(
    ("clause", "fits", "not_these"),
    [
        (Clause(equals="gpt-4o"), ["gpt-4o"], ["gpt-4o-mini", "gpt-4"]),
        (Clause(starts_with="gpt-4o"), ["gpt-4o", "gpt-4o-mini"], ["gpt-4", "x-gpt-4o"]),
        (Clause(ends_with="-mini"), ["gpt-4o-mini", "-mini"], ["mini", "gpt-4o-mini-x"]),
        (Clause(contains="4o"), ["gpt-4o-mini", "4o"], ["gpt-4"]),
        (
            Clause(digits="grok-4.3-########"),
            ["grok-4.3-20260101"],
            ["grok-4.3-2026010", "grok-4.3-202601011", "grok-4.3-latest00", "grok-4x3-20260101"],
        ),
        (Clause(digits="flash-#*"), ["flash-1", "flash-001-x"], ["flash-", "flash-x1", "flash"]),
        (Clause(any=(Clause(equals="a"), Clause(equals="b"))), ["a", "b"], ["c"]),
        (Clause(all=(Clause(starts_with="a"), Clause(ends_with="z"))), ["az", "abz"], ["a", "z"]),
        (Clause(), [], ["", "a"]),
    ],
)
def test_a_clause_holds_for_the_ids_it_means(clause: Clause, fits: list[str], not_these: list[str]) -> None:
    assert [text for text in fits if not clause.holds(text)] == []
    assert [text for text in not_these if clause.holds(text)] == []
