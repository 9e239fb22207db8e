from datetime import UTC, datetime

from counterpoint.api.shapes.playground import playground_shape
from counterpoint.directory import Directory, Host, Offering, Price, PriceTier
from counterpoint.directory.values import FREE

OFFERINGS = (
    Offering(
        "far",
        "big",
        "big",
        maker="somebody",
        display="Big",
        created=86_400,
        capabilities=frozenset({"chat", "tools"}),
    ),
    Offering("far", "vectors", "vectors", capabilities=frozenset({"embed"})),
    Offering("far", "new", "new", price=Price((PriceTier(input=2_500_000),), "EUR")),
    Offering("gone", "big", "big", capabilities=frozenset({"chat"})),
    Offering("local", "small", "small", price=FREE, context=8192, capabilities=frozenset({"chat"})),
)
DIRECTORY = Directory(hosts={"far": Host("far"), "local": Host("local")}, offerings=OFFERINGS)


def test_models_that_chat_at_hosts_that_are_there() -> None:
    shown = playground_shape(DIRECTORY, "http://gateway")
    assert [model.name for model in shown.models] == ["far/big", "far/new", "local/small"]
    assert shown.gateway == "http://gateway"
    assert shown.hosts == ["far"]


def test_an_unknown_price_is_not_zero_and_a_local_one_is() -> None:
    big, new, small = playground_shape(DIRECTORY, "").models
    assert (big.input_price, big.output_price, big.currency) == (None, None, None)
    assert (new.input_price, new.output_price, new.currency) == ("2.5", None, "EUR")
    assert (small.input_price, small.output_price) == ("0", "0")
    assert small.local
    assert not big.local
    assert small.context == 8192
    assert big.capabilities == ["chat", "tools"]
    assert new.capabilities == []


def test_when_a_model_came_out_is_told_where_it_is_known() -> None:
    big, new, _ = playground_shape(DIRECTORY, "").models
    assert big.created == datetime(1970, 1, 2, tzinfo=UTC)
    assert new.created is None
