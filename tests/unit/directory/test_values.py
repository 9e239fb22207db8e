"""What the directory shows of itself, and how it travels."""

import msgspec

from counterpoint.directory import Directory, Host, Key, Offering, Price, PriceTier, Rules
from counterpoint.directory.keytext import digest_of

DIRECTORY = Directory(
    revision=7,
    keys={digest_of("secret-key"): Key("k", "mine", "p", "o", expires=1.5, models=("a/*",))},
    hosts={
        "a": Host(
            "a", "https://a", {"d": "/p/{model}"}, (("authorization", "Bearer s3cret"),), frozenset({"q"})
        )
    },
    offerings=(Offering("a", "maker/model:free", "model", price=Price((PriceTier(input=1, output=2),))),),
    rules=Rules((("fast", "a/x"),), ("a",)),
)


def test_an_offering_is_called_by_its_host_and_the_hosts_own_name_for_it() -> None:
    assert DIRECTORY.offerings[0].name == "a/maker/model:free"


def test_credentials_are_not_in_any_representation() -> None:
    for shown in (repr(DIRECTORY), repr(DIRECTORY.hosts["a"]), f"{DIRECTORY}"):
        assert "s3cret" not in shown


def test_it_arrives_as_it_was_sent() -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(DIRECTORY), type=Directory) == DIRECTORY


def test_a_host_says_which_models_it_serves_in_a_dialect() -> None:
    host = Host("h", serves={"a": ("claude-*", "x")})
    assert [host.takes("a", model) for model in ("claude-1", "x", "y")] == [True, True, False]
    assert host.takes("b", "y")
