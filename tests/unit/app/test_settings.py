from pathlib import Path

import pytest

from counterpoint.app.settings import config_file, data_folder, read_settings
from counterpoint.i18n.complaint import Complaint


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `counterpoint.toml` of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)


def test_without_a_word_it_listens_on_this_machine_only() -> None:
    settings = read_settings({"HOME": "/home/a"})
    assert (settings.host, settings.port, settings.admin_port) == ("127.0.0.1", 8600, 8601)
    assert settings.config is None


def test_the_command_line_wins_over_the_environment(tmp_path: Path) -> None:
    environ = {"COUNTERPOINT_PORT": "1", "COUNTERPOINT_HOST": "0.0.0.0", "COUNTERPOINT_DATA": "/elsewhere"}
    settings = read_settings(environ, data=str(tmp_path), port=9000, host=None)
    assert (settings.port, settings.host, settings.data) == (9000, "0.0.0.0", tmp_path)


def test_data_are_where_the_desktop_wants_them() -> None:
    assert data_folder({"XDG_DATA_HOME": "/var/x"}) == Path("/var/x/counterpoint")
    assert data_folder({}).parts[-3:] == (".local", "share", "counterpoint")


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="no configuration file at") as caught:
        config_file({"COUNTERPOINT_CONFIG": str(tmp_path / "absent.toml")})
    assert caught.value.kind == "not_found"


def test_a_file_in_the_current_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "counterpoint.toml").touch()
    assert config_file({}) == tmp_path / "counterpoint.toml"


@pytest.mark.parametrize("value", ["x", "-1", "65536", "¹", "8.6"])
def test_an_impossible_port_is_named(value: str) -> None:
    with pytest.raises(Complaint, match="COUNTERPOINT_PORT is"):
        read_settings({"COUNTERPOINT_PORT": value})


def test_names_of_the_admin_port_are_a_list() -> None:
    settings = read_settings({"COUNTERPOINT_ADMIN_HOSTS": "Studio.example.com, ai.example.com,"})
    assert settings.admin_hosts == ("studio.example.com", "ai.example.com")


def test_proxies_of_the_admin_port_are_a_list(tmp_path: Path) -> None:
    (tmp_path / "counterpoint.toml").write_text('[server]\nadmin_proxies = ["10.0.0.0/8"]\n')
    settings = read_settings({"COUNTERPOINT_ADMIN_PROXIES": "127.0.0.1"})
    assert settings.admin_proxies == ("10.0.0.0/8", "127.0.0.1")


def test_no_secret_is_in_its_representation() -> None:
    assert "s3cret" not in repr(read_settings({"COUNTERPOINT_ADMIN_TOKEN": "s3cret-s3cret"}))


CONFIG = """
[server]
host = "0.0.0.0"
port = 9000
workers = 3
data = "kept"
admin_hosts = ["Studio.example.com"]

[database]
url = "env:DATABASE"
"""


def test_the_file_speaks_after_the_environment(tmp_path: Path) -> None:
    (tmp_path / "counterpoint.toml").write_text(CONFIG)
    environ = {"DATABASE": "postgresql://db/counterpoint", "COUNTERPOINT_PORT": "9001"}
    settings = read_settings(environ, workers=1)
    assert (settings.host, settings.port, settings.workers) == ("0.0.0.0", 9001, 1)
    assert settings.database == "postgresql://db/counterpoint"
    assert settings.data == tmp_path / "kept"
    assert settings.admin_hosts == ("studio.example.com",)
    assert read_settings(environ, data=str(tmp_path / "other")).data == tmp_path / "other"


def test_a_file_that_is_wrong_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "counterpoint.toml").write_text("[server]\nprot = 9000\n")
    with pytest.raises(Complaint, match="prot"):
        read_settings({})


def test_the_end_of_a_line_is_no_part_of_what_the_environment_says() -> None:
    environ = {
        "HOME": "/root",
        "COUNTERPOINT_ADMIN_TOKEN": "a-token\n",
        "COUNTERPOINT_DEMO_KEY": " \n",
        "COUNTERPOINT_PORT": "9000\r\n",
    }
    settings = read_settings(environ)
    assert (settings.admin_token, settings.demo_key, settings.port) == ("a-token", None, 9000)
