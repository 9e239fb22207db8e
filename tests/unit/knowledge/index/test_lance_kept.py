from counterpoint.knowledge.index.lance_kept import Kept
from counterpoint.knowledge.index.lance_rows import Found
from tests.indexes import document

ONE, TWO, THREE = (Found(passage, "papers") for passage in document("d", "one", "two", "three").passages)


def test_what_was_asked_for_lately_stays() -> None:
    kept = Kept(2)
    kept.keep({1: ONE, 2: TWO})
    assert kept.at([1, 9]) == {1: ONE}
    kept.keep({3: THREE})
    assert kept.at([1, 2, 3]) == {1: ONE, 3: THREE}
