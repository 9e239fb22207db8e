"""The retrieval sets in one layout."""

import json
from pathlib import Path

import pytest

from counterpoint.knowledge.evaluation import beir
from scripts.retrieval_sets import SETS, chunking_eval, convert, cranfield

CRANFIELD = {
    "cran.all.1400": (
        ".I 1\n.T\na title .\n.A\nsomebody\n.B\n\n.W\na title .\nand the abstract .\n"
        ".I 2\n.T\nb\n.A\n.B\n.W\nother\n"
    ),
    "cran.qry": ".I 001\n.W\nfirst\nquestion\n.I 004\n.W\nsecond question\n",
    "cranqrel": "1 1 1 \n1 2 4 \n2 2 -1\n2 1 3\n",
}


def test_questions_of_cranfield_count_by_their_place_and_grades_turn_around(tmp_path: Path) -> None:
    for name, text in CRANFIELD.items():
        (tmp_path / name).write_text(text, "utf-8")
    made = cranfield(tmp_path)
    first = made.documents[0]
    assert (first.id, first.title, first.text) == ("1", "a title .", "and the abstract .")
    assert list(made.questions.values()) == ["first question", "second question"]
    assert made.judged == {"q1": {"1": 4, "2": 1}, "q2": {"1": 2}}


def test_pieces_of_a_long_text_hold_all_of_it_and_know_what_was_marked(tmp_path: Path) -> None:
    (tmp_path / "corpora").mkdir()
    text = "\n\n".join(f"Paragraph {number} says something at some length." for number in range(100))
    (tmp_path / "corpora" / "one.md").write_text(text, "utf-8")
    at = text.index("Paragraph 70")
    marked = json.dumps([{"content": "", "start_index": at, "end_index": at + 12}]).replace('"', '""')
    rows = f'question,references,corpus_id\nwhich one?,"{marked}",one\n'
    (tmp_path / "questions_df.csv").write_text(rows, "utf-8")
    made = chunking_eval(tmp_path)
    assert "".join(one.text for one in made.documents).replace("\n", "") == text.replace("\n", "")
    (right,) = made.judged["q1"]
    assert "Paragraph 70" in next(one.text for one in made.documents if one.id == right)


@pytest.mark.parametrize("name", SETS)
def test_each_set_is_read_again(name: str, shared: Path, tmp_path: Path) -> None:
    (folder,) = convert(shared, tmp_path, [name])
    read = beir.read(folder)
    assert read.language == name.rpartition("-")[2]
    assert len(read.queries) >= 100
    assert all(read.judged[query.id] for query in read.queries)
