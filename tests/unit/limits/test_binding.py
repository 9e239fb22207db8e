"""Whom a limit binds, and which of his calls."""

from counterpoint.limits import Limit, Scope, Wanted
from counterpoint.limits.binding import Bindings, binding


def limit(scope: Scope, subject: str, *models: str) -> Limit:
    return Limit(f"{scope}-{subject}", scope, subject, "money", 1, models=models)


def wanted(*offerings: str, names: tuple[str, ...] = ()) -> Wanted:
    return Wanted("o", "p", "k", "u", offerings, names, 0, 0)


def test_a_key_is_bound_by_all_that_it_belongs_to_and_by_nobody_elses() -> None:
    mine = [limit("organisation", "o"), limit("project", "p"), limit("user", "u"), limit("key", "k")]
    others = [limit("project", "q"), limit("user", ""), limit("key", "p")]
    bindings = Bindings([*reversed(mine), *others])
    assert list(bindings.of("o", "p", "k", "u")) == mine
    assert list(bindings.of("o", "p", "k", "")) == [mine[0], mine[1], mine[3]]
    assert Bindings(()).of("o", "p", "k", "u") == ()


def test_a_limit_on_some_models_counts_them_by_any_of_their_names() -> None:
    limits = [limit("key", "k", "big-*"), limit("key", "k", "host/*"), limit("key", "k")]
    assert binding(limits, wanted("host/big-1")) == tuple(limits)
    assert binding(limits, wanted("other/small")) == (limits[2],)
    assert binding(limits, wanted("other/x", names=("big-alias",))) == (limits[0], limits[2])


def test_nobody_walks_around_a_limit_by_another_case() -> None:
    narrow = limit("key", "k", "Azure/gpt-4o*")
    for name in ("azure/GPT-4o", "azure/gpt-4o-mini", "AZURE/gpt-4O"):
        assert binding((narrow,), wanted(name)) == (narrow,)
