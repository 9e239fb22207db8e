"""Policies on losses: what their texts say, and for which losses they count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Loss
from counterpoint.directory.losspolicy import (
    SEVERITIES,
    WORDS,
    LossPolicy,
    LossRule,
    parse,
    rule_for,
    written,
)

CODES = st.lists(st.from_regex(r"[a-z_.*]{1,12}", fullmatch=True), max_size=4).map(tuple)
POLICIES = st.builds(LossPolicy, st.sampled_from(WORDS), st.none() | st.sampled_from(SEVERITIES), CODES)


@given(POLICIES)
def test_what_is_written_is_read(policy: LossPolicy) -> None:
    assert parse(written(policy)) == policy


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("", ""),
        ("forbid", "forbid"),
        ("refuse; severity=awful", "severity=awful"),
        ("refuse; codes=", "codes="),
        ("refuse, meaning", "refuse, meaning"),
        ("x" * 500, "x" * 20),
        ("warn;x", "x"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, piece: str) -> None:
    with pytest.raises(ValueError, match=f"^{piece}$"):
        parse(text)


def loss(code: str, severity: str) -> Loss:
    return Loss(code, "", severity)  # type: ignore[arg-type]


def test_severity_and_codes_say_which_losses_are_meant() -> None:
    cosmetic, degraded, meaning = loss("a", "cosmetic"), loss("b.c", "degraded"), loss("d", "meaning")
    for text, meant in (
        ("refuse", (False, True, True)),
        ("refuse; severity=cosmetic", (True, True, True)),
        ("refuse; severity=meaning", (False, False, True)),
        ("refuse; codes=b.*", (False, True, False)),
        ('refuse; severity=meaning; codes="a|x"', (True, False, True)),
    ):
        policy = parse(text)
        assert tuple(map(policy.counts, (cosmetic, degraded, meaning))) == meant, text


def test_the_first_rule_that_fits_any_name_counts() -> None:
    rules = (LossRule("beta/*", LossPolicy("refuse")), LossRule("*", LossPolicy("warn")))
    assert rule_for(rules, ("x", "beta/x")) is rules[0]
    assert rule_for(rules, ("beta/X",)) is rule_for(rules, ("Beta/x",)) is rules[0]
    assert rule_for(rules, ("x",)) is rules[1]
    assert rule_for((), ("x",)) is None
