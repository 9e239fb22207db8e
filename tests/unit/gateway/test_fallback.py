"""When another offering is tried."""

import pytest

from counterpoint.canonical import Failure, FailureKind
from counterpoint.gateway.fallback import worth_another


@pytest.mark.parametrize(
    ("failure", "status", "worth"),
    [
        (Failure(FailureKind.bad_request, "m"), 429, True),
        (Failure(FailureKind.bad_request, "m"), 400, False),
        (Failure(FailureKind.overloaded, "m"), None, True),
        (Failure(FailureKind.bad_request, "m"), None, False),
        (Failure(FailureKind.bad_request, "m", code="losses_refused"), None, True),
        (Failure(FailureKind.timeout, "m", from_upstream=True), None, True),
    ],
)
def test_another_is_tried_where_it_may_do_better(failure: Failure, status: int | None, worth: bool) -> None:
    assert worth_another(failure, status) is worth
