from counterpoint.knowledge.documents import Passage


def test_a_passage_is_known_by_its_document_version_and_number() -> None:
    assert Passage("d", "v", 3, 0, 4, "text").id == "d.v.3"
