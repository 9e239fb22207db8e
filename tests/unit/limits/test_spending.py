"""What a call took in the end, by what its limits count."""

from counterpoint.limits import Hold, Limit, Measure, Part, Per
from counterpoint.limits.spending import charges, taken, together


def part(measure: Measure, per: Per = "day", *models: str, amount: int = 100) -> Part:
    return Part(Limit(f"{measure}/{per}", "key", "k", measure, 1_000, per, models), "lease", 7, amount)


HOLD = Hold(
    (
        part("money"),
        part("tokens", "minute"),
        part("requests", "day", amount=1),
        part("concurrent", "total", amount=1),
    )
)


def test_each_limit_is_charged_what_it_counts() -> None:
    amounts = taken(HOLD, offering="h/m", names=(), tokens=40, money=30)
    assert amounts == (30, 40, 1, 0)
    assert [(each.limit, each.amount) for each in charges(HOLD, amounts)] == [
        ("money/day", 30),
        ("requests/day", 1),
    ]


def test_what_nobody_knows_is_all_that_was_held() -> None:
    assert taken(HOLD, offering="h/m", names=(), tokens=None, money=None) == (100, 100, 1, 0)


def test_a_call_beside_the_exchange_is_no_request_and_adds_to_what_it_took() -> None:
    own = taken(HOLD, offering="h/m", names=(), tokens=40, money=30)
    beside = taken(HOLD, offering="h/m", names=(), tokens=4, money=3, requests=0)
    assert together(together((), own), beside) == (33, 44, 1, 0)


def test_another_model_than_the_limit_counts_took_nothing_of_it() -> None:
    hold = Hold((part("money", "day", "big-*"), part("requests", "day", "big-*", amount=1)))
    assert taken(hold, offering="h/small", names=("small",), tokens=1, money=9) == (0, 0)
    assert taken(hold, offering="h/big-1", names=(), tokens=1, money=9) == (9, 1)
