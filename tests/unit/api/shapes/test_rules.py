from counterpoint.api.shapes.rules import rules_shape
from counterpoint.directory import Rules


def test_rules_keep_their_order() -> None:
    shape = rules_shape(Rules(aliases=(("b", "x"), ("a", "y")), prefer=("q", "p")))
    assert [(item.pattern, item.target) for item in shape.aliases] == [("b", "x"), ("a", "y")]
    assert shape.prefer == ["q", "p"]
