"""Failures and their statuses."""

import pytest

from counterpoint.canonical import Failure, FailureKind


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_kind_has_a_status_that_says_error(kind: FailureKind) -> None:
    assert 400 <= kind.status < 600
    assert Failure(kind, "x").http_status == kind.status


def test_an_upstreams_own_status_goes_before_the_usual_one() -> None:
    assert Failure(FailureKind.bad_request, "x", status=418).http_status == 418
