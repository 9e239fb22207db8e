"""What is counted as hit: characters that were marked, places in the right document, and nothing else."""

from pathlib import Path

import pytest

from benchmarks import spans
from benchmarks.spans import Bm25, Question, Score, Set, measure, overlapping, plain, tables
from counterpoint.knowledge.documents import Block, Parsed
from counterpoint.knowledge.passages import SIZE, passages_of
from counterpoint.knowledge.text import question_terms

TEXT = (
    "Le congé dure cinq semaines. Il se prend en été.\n\nLa paie est versée le 28. Le télétravail est permis."
)


def small() -> Set:
    blocks = tuple(Block("paragraph", start, end) for start, end in ((0, 48), (50, len(TEXT))))
    other = Parsed("Le congé de maladie est autre chose.", (Block("paragraph", 0, 36),))
    asked = [
        Question("Quand la paie est-elle versée ?", "a", ((50, 75),), every=True),
        Question("Combien dure le congé ?", "a", ((14, 27),), every=False),
    ]
    return Set("small", {"a": Parsed(TEXT, blocks), "b": other}, asked)


def test_characters_in_common_are_counted() -> None:
    score = Score()
    score.add([(0, 10)], [(5, 15)], every=True)
    assert score.row() == (0.5, 0.5, 5 / 15)
    score.add([(0, 10)], [], every=True)
    assert score.row() == (0.5, 0.25, 2.5 / 15)
    one = Score()
    one.add([(2, 4), (20, 22)], [(0, 10), (30, 40)], every=False)
    assert one.row() == (0.5, 1.0, 0.2)


def test_questions_find_their_passage_and_their_sentence() -> None:
    result = measure(small(), 60)
    assert result.passages == 3
    assert result.scores["first"].row()[1] == 1.0
    assert result.scores["sentence"].row()[:2] == (1.0, 1.0)
    assert {score.questions for score in result.scores.values()} == {2}


def test_a_place_in_another_document_hits_nothing() -> None:
    among = small()
    wrong = Set("small", among.documents, [Question("congé de maladie", "a", ((0, 36),), every=True)])
    assert measure(wrong, 60).scores["sentence"].row() == (0.0, 0.0, 0.0)


def test_the_rarer_word_ranks_first() -> None:
    parsed = small().documents["a"]
    index = Bm25(passages_of(parsed, "a", "1", size=60))
    assert index.best(question_terms("la paie"), 1)[0].start == 50
    assert index.weight("unknown") > index.weight(question_terms("paie")[0])


def test_a_shared_sentence_is_the_one_before() -> None:
    passages = list(overlapping(passages_of(small().documents["a"], "a", "1", size=60), TEXT))
    assert passages[1].text == TEXT[29:]


def test_a_text_keeps_its_places_when_it_is_taken_apart() -> None:
    text = " = Titre = \nUn paragraphe.\n\nUn autre\nqui continue.\n\na | b\nc | d\n"
    parsed = plain(text)
    assert [(block.kind, text[block.start : block.end].strip()) for block in parsed.blocks] == [
        ("heading", "= Titre ="),
        ("paragraph", "Un paragraphe."),
        ("paragraph", "Un autre\nqui continue."),
        ("table", "a | b\nc | d"),
    ]


def test_the_page_keeps_what_is_around_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n\n{spans.BEGIN}\nold\n{spans.END}\n\nAfter.\n", "utf-8")
    monkeypatch.setattr(spans, "PAGE", page)
    spans.write(tables([measure(small(), SIZE)]))
    written = page.read_text("utf-8")
    assert written.startswith("Before.")
    assert written.endswith("After.\n")
    assert "| small | 2 |" in written
    assert "old" not in written
    page.write_text("nothing", "utf-8")
    with pytest.raises(SystemExit):
        spans.write("")


def test_the_sets_are_marked_where_their_answers_are(shared: Path) -> None:
    assert shared.is_dir()
    corpora, articles = spans.chroma(), spans.piaf()
    assert (len(corpora.questions), len(articles.questions)) == (472, 7569)
    for among in (corpora, articles):
        for question in among.questions[::50]:
            text = among.documents[question.document].text
            assert all(text[start:end].strip() for start, end in question.gold)
