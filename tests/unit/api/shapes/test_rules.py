from counterpoint.api.shapes.rules import rules_shape
from counterpoint.control.rules import RuleBook
from counterpoint.storage.rules import RuleRow


def test_rules_keep_their_order() -> None:
    rows = (
        RuleRow("alias", "b", "x", "file"),
        RuleRow("alias", "a", "y", "studio"),
        RuleRow("prefer", "q", "", "studio"),
    )
    shape = rules_shape(RuleBook(rows, 7))
    assert shape.revision == 7
    assert [(item.pattern, item.target, item.owner) for item in shape.aliases] == [
        ("b", "x", "file"),
        ("a", "y", "studio"),
    ]
    assert [(item.host, item.owner) for item in shape.prefer] == [("q", "studio")]
