from pathlib import Path

from counterpoint.knowledge.evaluation import beir
from counterpoint.knowledge.evaluation.lancedb_hybrid import LanceHybrid
from counterpoint.knowledge.passages import context
from tests.unit.knowledge.evaluation.embedders import WordEmbedder
from tests.unit.knowledge.evaluation.sets import animals


def test_words_and_vectors_find_together(tmp_path: Path) -> None:
    passages = [one for entry in beir.read(animals(tmp_path / "set")).entries for one in beir.passages(entry)]
    embedder = WordEmbedder()
    vectors = embedder.passages([context(passage) for passage in passages])
    hybrid = LanceHybrid(tmp_path / "table", "en", passages, vectors)
    question = 'bees: who "makes" honey? (or not)'
    found = hybrid.documents(question, embedder.questions([question])[0], 10)
    assert found[0] == "bee"
    assert len(hybrid.documents(question, embedder.questions([question])[0], 2)) == 2
