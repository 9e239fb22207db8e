"""What is known is opened when it is first needed, and joined to the models behind the gateway."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoint.app.compose import Control, open_control
from counterpoint.app.knowing import VECTORS, Knowing
from counterpoint.app.settings import Settings
from counterpoint.control.config import Configuration
from counterpoint.control.config_knowledge import KnowledgeSection
from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.administering import NewSource
from counterpoint.knowledge.asking import Wanted
from counterpoint.storage import settings as stored


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Control]:
    section = KnowledgeSection(folders=(str(tmp_path),))
    with open_control(
        Settings(data=tmp_path / "data", configuration=Configuration(knowledge=section))
    ) as opened:
        yield opened


def test_a_folder_is_read_and_searched_by_word_without_a_gateway(control: Control, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "notice.md").write_text("# Notice\n\nThe notice period is three months.")
    knowing = Knowing(control, str)
    knowledge = knowing.service()
    assert not knowing.start_syncing()
    new = NewSource(name="Papers", kind="folder", settings={"path": str(papers)}, readers=("all",))
    knowledge.sources.add(new)
    syncing = knowing.syncing()
    while syncing.work_once():
        pass
    asker = control.groups.asker(None)
    results = knowledge.asking.search(Wanted(question="notice period"), asker)
    assert [item.path for item in results.items] == ["notice.md"]
    assert not results.by_meaning
    knowing.close()


def test_another_model_has_everything_indexed_anew(control: Control) -> None:
    with control.database.write() as connection:
        stored.put(connection, VECTORS, {"model": "another", "dimensions": 8})
    knowing = Knowing(control, str)
    assert knowing.dimensions() == 384
    with control.database.read() as connection:
        assert stored.get(connection, VECTORS) == {"model": "multilingual-e5-small", "dimensions": 384}
    knowing.close()


def test_a_model_whose_vectors_nobody_can_tell_is_complained_about(tmp_path: Path) -> None:
    section = KnowledgeSection(embedding="some/model")
    settings = Settings(data=tmp_path / "data", configuration=Configuration(knowledge=section))
    with open_control(settings) as control:
        knowing = Knowing(control, str)
        with pytest.raises(Complaint, match="some/model"):
            knowing.index()
        knowing.close()


def test_an_index_in_postgresql_needs_one(tmp_path: Path) -> None:
    section = KnowledgeSection(index="postgresql")
    settings = Settings(data=tmp_path / "data", configuration=Configuration(knowledge=section))
    with open_control(settings) as control:
        knowing = Knowing(control, str)
        with pytest.raises(Complaint, match="PostgreSQL"):
            knowing.index()
        knowing.close()
