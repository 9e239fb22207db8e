"""The matrix as it ships in the package."""

from counterpoint.dialects.registry import CHAT
from counterpoint.testing.matrix import ABSENT, Cell, Matrix, markdown, named, rows, shipped

SMALL = Matrix(
    ("text", "stop", "n"),
    {
        "a": {"b": {"text": Cell("exact"), "stop": Cell("lossy", ("stop",))}},
        "b": {"a": {"text": Cell("refused", ("no",))}},
    },
)


def test_every_dialect_has_a_row_and_a_column() -> None:
    matrix = shipped()
    for client in CHAT:
        assert set(matrix.cells[client]) == set(CHAT) - {client}
        assert len(list(rows(matrix, client, list(CHAT)))) > 3


def test_a_row_for_each_feature_that_can_be_said() -> None:
    assert list(rows(SMALL, "a", ["b", "c"])) == [["text", "exact", ABSENT], ["stop", "lossy: stop", ABSENT]]
    assert next(rows(SMALL, "b", ["a", "b"])) == ["text", "refused: no", "exact"]


def test_for_people_and_for_programs() -> None:
    text = markdown(SMALL, ["a"], ["a", "b"])
    assert "| stop | lossy: `stop` |" in text
    assert not text.startswith("# ")
    assert markdown(SMALL, ["a"], ["b"], page=True).startswith("# ")
    assert named(SMALL, ["a"], ["b"])["cells"]["a"]["b"]["stop"] == {"outcome": "lossy", "codes": ("stop",)}


def test_marks_of_what_to_keep_are_kept_where_the_host_has_them() -> None:
    cells = shipped().cells
    for client, upstream in (
        ("anthropic-messages", "bedrock-converse"),
        ("bedrock-converse", "anthropic-messages"),
        ("anthropic-messages", "vertex-anthropic"),
        ("openai-chat", "openai-responses"),
        ("openai-responses", "openai-chat"),
    ):
        assert cells[client][upstream]["prompt_cache"] == Cell("exact"), (client, upstream)
