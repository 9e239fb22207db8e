import threading
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database, open_database
from counterpoint.storage.migrate import FOLDER, _config, known_revisions, migrate
from tests.databases import KINDS, fresh_url

ENV = (FOLDER / "env.py").read_text()
FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer(), primary_key=True))
"""
BROKEN = """
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade():
    op.execute("CREATE TABLE two (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    folder = tmp_path / "steps"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    (folder / "versions" / "a.py").write_text(FIRST)
    return folder


def test_steps_are_known_in_the_order_in_which_alembic_would_run_them() -> None:
    found = [each.revision for each in ScriptDirectory.from_config(_config(FOLDER)).walk_revisions()]
    assert known_revisions() == found[::-1]
    assert len(found) > 10


def test_a_second_run_changes_nothing(database: Database) -> None:
    assert migrate(database) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_database_is_migrated_once_however_many_start(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        ran: list[list[str]] = []

        def start() -> None:
            database = open_database(url)
            ran.append(migrate(database))
            database.close()

        threads = [threading.Thread(target=start) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(len, ran))[:2] == [0, 0]
        assert len(ran) == 3
        assert max(ran, key=len)[0] == "0001"


@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_step_leaves_nothing_behind_and_says_which(kind: str, tmp_path: Path, steps: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        assert migrate(database, folder=steps) == ["0001"]
        (steps / "versions" / "b.py").write_text(BROKEN)
        with pytest.raises(Complaint, match=r"revision 0002.*nowhere") as caught:
            migrate(database, folder=steps)
        assert caught.value.kind == "unavailable"
        with database.read() as connection:
            assert "two" not in inspect(connection).get_table_names()
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0001"
        database.close()


def test_data_of_a_newer_version_is_refused_untouched(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Complaint, match=r"newer version.*9999"):
        migrate(database)
    with database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
