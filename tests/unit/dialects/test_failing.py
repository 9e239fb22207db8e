"""What a status says."""

import pytest

from counterpoint.canonical import FailureKind
from counterpoint.dialects.failing import kind_of_status, said_in, wait_in


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, FailureKind.bad_request),
        (401, FailureKind.authentication),
        (418, FailureKind.bad_request),
        (429, FailureKind.rate_limited),
        (500, FailureKind.upstream_error),
        (503, FailureKind.unavailable),
        (529, FailureKind.overloaded),
        (None, FailureKind.upstream_error),
    ],
)
def test_a_status_has_a_kind(status: int | None, kind: FailureKind) -> None:
    assert kind_of_status(status) is kind


@pytest.mark.parametrize(
    ("said", "seconds"), [("2", 2), ("0.5", 0.5), ("-1", None), ("nan", None), ("soon", None)]
)
def test_how_long_to_wait(said: str, seconds: float | None) -> None:
    assert wait_in({"retry-after": said}) == seconds
    assert wait_in({}) is None


def test_what_an_error_says_if_it_is_json() -> None:
    assert said_in(b'{"error": 1}') == {"error": 1}
    assert said_in(b"<html>") is None


NOON = "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "2"}, 2),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:07 GMT", "date": NOON}, 7),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT", "date": NOON}, 0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:07 GMT"}, None),
        ({"retry-after": "Sun, 22 Nov 2037 12:00:07 GMT", "date": NOON}, None),
        ({"retry-after": "999999"}, None),
        ({}, None),
    ],
)
def test_it_may_be_told_in_three_ways(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_in(headers) == seconds
