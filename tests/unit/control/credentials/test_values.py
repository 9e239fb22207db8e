"""Credentials never show themselves."""

import pytest

from counterpoint.control.credentials.values import (
    AwsPair,
    EntraApplication,
    GoogleAccount,
    Grant,
    IbmKey,
    Plain,
)


@pytest.mark.parametrize(
    "value",
    [
        Plain("hush"),
        AwsPair("hush", "hush", "hush"),
        GoogleAccount("hush", "hush"),
        EntraApplication("hush", "hush", "hush", "hush"),
        IbmKey("hush"),
        Grant(1.0, "hush", AwsPair("hush", "hush")),
    ],
)
def test_nothing_of_it_is_printed(value: object) -> None:
    assert "hush" not in f"{value} {value!r}"
