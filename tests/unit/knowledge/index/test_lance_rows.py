import pyarrow as pa
import pytest

from counterpoint.knowledge.index import lance_rows as rows
from tests.indexes import DIMENSIONS, asker, document


def test_a_passage_comes_back_as_it_was() -> None:
    one = document("d", "Café à l'eau", "two", languages=["fr", ""])
    assert rows.passages(rows.rows([one], "p", DIMENSIONS)) == list(one.passages)


def test_vectors_that_are_not_there_are_null_and_not_zero() -> None:
    table = rows.rows([document("a", "one"), document("b", "two", vectors=False)], "p", DIMENSIONS)
    assert [each is None for each in table.column("vector").to_pylist()] == [False, True]
    assert table.schema.equals(rows.schema(DIMENSIONS))


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        rows.rows([document("a", "one")], "p", DIMENSIONS + 1)


def test_a_leftover_is_read_by_nobody_and_has_no_words() -> None:
    (row,) = rows.rows([], "p", DIMENSIONS, [("d", 3)]).to_pylist()
    assert row["key"] == rows.key("d", 3)
    assert (row["readers"], row["terms"], row["vector"]) == ([], None, None)
    assert row["number"] < 0


def test_others_see_the_same_rows() -> None:
    held = rows.rows([document("a", "one"), document("b", "two", "three")], "p", DIMENSIONS)
    changed = rows.with_readers(held, {"a": frozenset(), "b": frozenset({"group:x", "group:a"})})
    assert changed.column("readers").to_pylist() == [[], ["group:a", "group:x"], ["group:a", "group:x"]]
    assert changed.drop_columns("readers").equals(held.drop_columns("readers"))


def test_the_best_hit_comes_first() -> None:
    table = rows.rows([document("a", "one", "two", "three", source="mail")], "p", DIMENSIONS)
    found = [rows.unpacked(each) for each in table.column("passage").to_pylist()]
    hits = rows.hits(found, [0.5, 2.0, 1.0])
    assert [(hit.passage.text, hit.source) for hit in hits] == [
        ("two", "mail"),
        ("three", "mail"),
        ("one", "mail"),
    ]
    assert not rows.hits([], [])


def test_rights_are_always_asked_for() -> None:
    assert rows.condition(asker("user:1", "group:a")) == "array_has_any(readers, ['group:a', 'user:1'])"


def test_every_filter_is_a_condition() -> None:
    wanted = asker(
        "u", sources=frozenset({"s"}), languages=frozenset({"fr", "en"}), modified_from=3, modified_to=9
    )
    assert rows.condition(wanted) == (
        "array_has_any(readers, ['u']) AND source IN ('s') AND language IN ('en', 'fr')"
        " AND modified >= 3 AND modified <= 9"
    )


@pytest.mark.parametrize(
    ("value", "literal"),
    [("a", "'a'"), ("o'brien", "'o''brien'"), ("\\", "'\\'"), ("\\'", "'\\'''"), ("", "''")],
)
def test_quotes_are_doubled_and_nothing_else_means_anything(value: str, literal: str) -> None:
    assert rows.quoted(value) == literal


def test_the_key_is_that_of_the_table() -> None:
    field = rows.schema(DIMENSIONS).field("key")
    assert field.type == pa.string()
    assert field.metadata == {b"lance-schema:unenforced-primary-key": b"true"}
