from pathlib import Path

import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.evaluation import beir
from tests.unit.knowledge.evaluation.sets import ANIMALS, animals, beir_set


def test_a_set_is_read_with_its_grades_and_language(tmp_path: Path) -> None:
    read = beir.read(animals(tmp_path / "zoo"))
    assert (read.name, read.language) == ("zoo", "en")
    assert [entry.id for entry in read.entries] == ["cat", "dog", "bee", "owl"]
    assert [query.id for query in read.queries] == ["q1", "q2"]
    assert read.judged == {"q1": {"bee": 1}, "q2": {"cat": 1, "owl": 2}}


def test_lines_become_paragraphs_and_titles_stay_above(tmp_path: Path) -> None:
    bee = beir.read(animals(tmp_path)).entries[2]
    (passage,) = beir.passages(bee)
    assert passage.titles == ("Bees",)
    assert passage.text == "Bees make honey from nectar.\n\nThey dance to show the way to flowers."
    assert passage.document == "bee"
    (alone,) = beir.passages(beir.Entry("x", " \n ", "Only a title"))
    assert "Only a title" in alone.text


def test_long_documents_become_several_passages() -> None:
    long = beir.Entry(
        "long", "\n".join(f"Paragraph {number}. " + "Words of it. " * 30 for number in range(9))
    )
    found = beir.passages(long)
    assert len(found) > 1
    assert [passage.number for passage in found] == list(range(len(found)))


def test_another_table_is_taken_where_there_is_no_test(tmp_path: Path) -> None:
    folder = beir_set(tmp_path, ANIMALS, [("q", "mice")], [("q", "cat", 1)], name="dev.tsv")
    assert beir.read(folder).judged == {"q": {"cat": 1}}


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("corpus.jsonl", None, "corpus.jsonl is missing"),
        ("qrels/test.tsv", None, "test.tsv is missing"),
        ("corpus.jsonl", "", "corpus.jsonl holds nothing"),
        ("corpus.jsonl", '{"_id": "a", "text": "b"}\n{"_id": 3}', "line 2"),
        (
            "corpus.jsonl",
            '{"_id": "a", "text": "b"}\n\n{"_id": "a", "text": "c"}',
            "line 3: a has been there",
        ),
        ("queries.jsonl", "nonsense", "line 1"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tbee", "line 2"),
        ("qrels/test.tsv", "q1\tbee\thigh", "line 1"),
        ("qrels/test.tsv", "q1\tbee\t1\nq1\tunicorn\t1", "line 2: unicorn is neither"),
        ("qrels/test.tsv", "q1\tbee\t0", "calls no document right"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, file: str, content: str | None, said: str
) -> None:
    path = animals(tmp_path) / file
    path.unlink() if content is None else path.write_text(content, "utf-8")
    with pytest.raises(Complaint) as raised:
        beir.read(tmp_path)
    assert said in raised.value.text("en")
    assert raised.value.text("fr")


def test_another_encoding_is_named(tmp_path: Path) -> None:
    (animals(tmp_path) / "corpus.jsonl").write_bytes('{"_id": "a", "text": "é"}'.encode("latin-1"))
    with pytest.raises(Complaint, match="UTF-8"):
        beir.read(tmp_path)


@pytest.mark.parametrize("header", ["query_id\tcorpus_id\tscore", "qid\tdocid\trel"])
def test_columns_may_have_other_names_and_texts_and_titles_be_null(tmp_path: Path, header: str) -> None:
    folder = animals(tmp_path)
    table = folder / "qrels" / "test.tsv"
    table.write_text(table.read_text("utf-8").replace("query-id\tcorpus-id\tscore", header), "utf-8")
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as corpus:
        corpus.write(
            '\n{"_id": "x", "title": null, "text": "A fox."}\n{"_id": "y", "title": "Foxes", "text": null}\n'
        )
    given = beir.read(folder)
    assert given.judged["q2"] == {"cat": 1, "owl": 2}
    texts = {entry.id: [passage.text for passage in beir.passages(entry)] for entry in given.entries}
    assert (texts["x"], texts["y"]) == (["A fox."], ["Foxes"])
