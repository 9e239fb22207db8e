import logging
from pathlib import Path

import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings, read_settings
from counterpoint.app.telling import Progress
from counterpoint.i18n.complaint import Complaint

CONFIG = """
[[providers]]
name = "groq"
secret = "env:TEST_GROQ_KEY"

[[keys]]
name = "declared"
sha256 = "abababababababababababababababababababababababababababababababab"

[rules.aliases]
fast = "gpt-oss-20b"

[models]
pull = ["file:/nowhere/at/all.gguf"]
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEST_GROQ_KEY", "gsk-a-secret-for-the-test")
    path = tmp_path / "counterpoint.toml"
    path.write_text(CONFIG)
    return path


class Silent:
    """Takes what a start tells."""

    def step(self, sentence: str) -> None: ...

    def progress(self, progress: Progress) -> None: ...

    def ready(self, ready: object) -> None: ...

    def stopping(self) -> None: ...


def test_a_start_declares_what_the_file_says(tmp_path: Path, config: Path) -> None:
    with open_control(read_settings(data=str(tmp_path / "data"), config=str(config))) as control:
        assert [key.name for key in control.keys.list().items] == ["demo"]
        control.declare()
        assert {key.name for key in control.keys.list().items} == {"demo", "declared"}
        directory = control.directory()
        assert "groq" in directory.hosts
        assert directory.rules.aliases == (("fast", "gpt-oss-20b"),)
        assert any(offering.name == "groq/openai/gpt-oss-20b" for offering in directory.offerings)


def test_a_command_that_runs_once_changes_no_declaration(tmp_path: Path, config: Path) -> None:
    data = tmp_path / "data"
    with open_control(read_settings(data=str(data), config=str(config))) as control:
        control.declare()
    with open_control(Settings(data=data)) as control:
        assert {key.name for key in control.keys.list().items} == {"demo", "declared"}
        assert [view.name for view in control.providers.list()] == ["groq"]
        assert control.providers.list()[0].problem is not None
    with open_control(read_settings(data=str(data), config=str(config))) as control:
        assert control.providers.list()[0].problem is None


def test_a_command_without_the_platforms_environment_leaves_the_demo_key_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_control(Settings(data=data, demo_key="a-key-of-the-environment"), starting=True) as control:
        (given,) = control.keys.list().items
    with open_control(Settings(data=data)) as control:
        assert list(control.keys.list().items) == [given]


def test_a_model_that_cannot_be_had_does_not_stop_a_start(
    tmp_path: Path, config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        open_control(read_settings(data=str(tmp_path / "data"), config=str(config))) as control,
        pytest.raises(Complaint),  # a file that is not there is a mistake, which is told
    ):
        control.pull_models(Silent())
    config.write_text('[models]\npull = ["https://127.0.0.1:9/x.gguf"]\n')
    with (
        caplog.at_level(logging.WARNING),
        open_control(read_settings(data=str(tmp_path / "data"), config=str(config))) as control,
    ):
        control.pull_models(Silent())
    assert "127.0.0.1 cannot be reached" in caplog.text


def test_a_failed_start_gives_the_database_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_control(Settings(data=data)):
        pass
    (data / "master.key").write_text("nonsense")
    with pytest.raises(Complaint, match="master key"):
        open_control(Settings(data=data))
