from pathlib import Path

import pytest

from counterpoint.engines.sources.pipconfig import DEFAULT_INDEX, index_settings


def test_without_any_configuration_it_is_the_public_index() -> None:
    settings = index_settings({}, [])
    assert settings.indexes == (DEFAULT_INDEX,)
    assert settings.links == ()


def test_files_are_read_weakest_first_and_variables_win(tmp_path: Path) -> None:
    weak, strong = tmp_path / "a.conf", tmp_path / "b.conf"
    weak.write_text("[global]\nindex-url = https://weak.invalid/simple\ncert = /etc/ca.pem\ntimeout = 5\n")
    strong.write_text(
        "[global]\nindex-url = https://strong.invalid/simple\nextra-index-url =\n    https://one.invalid/s\n"
        "    https://two.invalid/s\n[download]\ntrusted-host = strong.invalid:8080 two.invalid\n"
        "[list]\nindex-url = https://not-ours.invalid\n"
    )
    settings = index_settings({}, [weak, strong])
    assert settings.indexes == (
        "https://strong.invalid/simple",
        "https://one.invalid/s",
        "https://two.invalid/s",
    )
    assert settings.certificates == "/etc/ca.pem"
    assert settings.trusted == {"strong.invalid", "two.invalid"}
    assert settings.timeout == 5
    by_variable = index_settings(
        {"PIP_INDEX_URL": "https://env.invalid/simple", "PIP_FIND_LINKS": "/wheels '/my wheels'"},
        [weak, strong],
    )
    assert by_variable.indexes[0] == "https://env.invalid/simple"
    assert by_variable.links == ("/wheels", "/my wheels")


def test_no_index_means_folders_only() -> None:
    settings = index_settings({"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"}, [])
    assert settings.indexes == ()
    assert settings.links == ("/wheels",)


def test_the_users_own_files_are_found(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "pip"
    folder.mkdir(parents=True)
    (folder / "pip.conf").write_text("[global]\nindex_url = https://home.invalid/simple\n")
    environment = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_DIRS": str(tmp_path / "none"),
        "VIRTUAL_ENV": str(tmp_path),
    }
    assert index_settings(environment).indexes[0] == "https://home.invalid/simple"
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://venv.invalid/simple\n")
    assert index_settings(environment).indexes[0] == "https://venv.invalid/simple"
    chosen = tmp_path / "chosen.conf"
    chosen.write_text("[global]\nindex-url = https://chosen.invalid/simple\n")
    assert index_settings({**environment, "PIP_CONFIG_FILE": str(chosen)}).indexes[0] == (
        "https://chosen.invalid/simple"
    )
    switched_off = index_settings({**environment, "PIP_CONFIG_FILE": "/dev/null"})
    assert "home.invalid" not in str(switched_off.indexes)


def test_a_damaged_file_is_passed_over(tmp_path: Path) -> None:
    bad = tmp_path / "a.conf"
    bad.write_text("index-url = outside of any section\n")
    assert index_settings({}, [bad, tmp_path / "missing"]).indexes == (DEFAULT_INDEX,)


def test_uv_is_heard_where_pip_is_silent(tmp_path: Path) -> None:
    folder = tmp_path / "uv"
    folder.mkdir()
    (folder / "uv.toml").write_text(
        '[[index]]\nurl = "https://uv.invalid/simple"\ndefault = true\n[[index]]\nurl = "https://more.invalid/s"\n'
    )
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null", "HOME": str(tmp_path)}
    settings = index_settings(environment)
    assert settings.indexes == ("https://uv.invalid/simple", "https://more.invalid/s")
    assert index_settings({**environment, "UV_DEFAULT_INDEX": "https://var.invalid/s"}).indexes[0] == (
        "https://var.invalid/s"
    )
    with_pip = index_settings({**environment, "PIP_INDEX_URL": "https://pip.invalid/simple"})
    assert with_pip.indexes[0] == "https://pip.invalid/simple"


def test_a_client_is_set_up_accordingly(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")
    settings = index_settings({"PIP_CERT": str(tmp_path / "bad.pem")}, [])
    with pytest.raises(OSError, match=r"(?i)pem|cert"):
        settings.web()
    index_settings({"PIP_TIMEOUT": "3", "PIP_PROXY": "http://127.0.0.1:1"}, []).web()
