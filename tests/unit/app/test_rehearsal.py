from pathlib import Path

import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.rehearsal import judge
from counterpoint.app.settings import read_settings
from counterpoint.catalog.loading import FOLDER
from counterpoint.control.audit import AuditQuery
from counterpoint.i18n.complaint import Complaint

MISSPELT = """
[[projects]]
name = "legal"

[projects.constraints]
not_makers = ["OpenAi-x"]
"""
LIMITS = """
[[keys]]
name = "ci"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
user = "ada"

[[limits]]
scope = "user"
subject = "ada"
amount = 10
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "counterpoint.toml"
    path.write_text(text)
    return path


def refused_by_a_start(path: Path, data: Path) -> str | None:
    try:
        with open_control(read_settings({}, data=str(data), config=str(path))) as control:
            control.declare()
    except Complaint as complaint:
        return complaint.sentence
    return None


def test_what_only_the_start_used_to_refuse_is_refused_at_its_line(tmp_path: Path) -> None:
    path, data = written(tmp_path, MISSPELT), tmp_path / "data"
    verdict = judge(path, environ={}, data=str(data), lang="en")
    (problem,) = verdict.problems
    assert (problem.line, problem.path) == (6, "projects[0].constraints.not_makers[0]")
    assert "OpenAi-x" in problem.message
    assert not data.exists()
    assert refused_by_a_start(path, data) == "control.routes.excluding_nobody.makers_but"


def test_an_exclusion_of_a_route_is_judged_too(tmp_path: Path) -> None:
    route = "[[routes]]\nname = 'fast'\ntargets = ['m']\n[routes.constraints]\n"
    path = written(tmp_path, f"{route}not_hosts = ['groqq']\n")
    (problem,) = judge(path, environ={}, data=str(tmp_path / "data")).problems
    assert (problem.line, problem.path) == (5, "routes[0].constraints.not_hosts[0]")


def test_what_was_made_in_the_studio_counts_and_nothing_is_changed(database_url: str, tmp_path: Path) -> None:
    data, environ = str(tmp_path / "data"), {"COUNTERPOINT_DATABASE_URL": database_url}
    with open_control(read_settings(environ, data=data)) as control:
        control.accounts.create_first(login="ada", name="Ada", password="a long enough password")
        before = len(control.audit.entries(AuditQuery()).items)
    path = written(tmp_path, MISSPELT.replace("OpenAi-x", "openai") + LIMITS)
    verdict = judge(path, environ=environ, data=data)
    assert verdict.problems == ()
    assert not verdict.alone
    with open_control(read_settings(environ, data=data)) as control:
        assert {key.name for key in control.keys.list().items} == {"demo"}
        assert len(control.audit.entries(AuditQuery()).items) == before
    stranger = written(tmp_path, LIMITS.replace("ada", "bob"))
    (problem,) = judge(stranger, environ=environ, data=data).problems
    assert (problem.line, problem.path) == (2, "keys[0]")


def test_without_a_database_what_only_it_can_know_is_left_to_the_start(tmp_path: Path) -> None:
    verdict = judge(written(tmp_path, LIMITS), environ={}, data=str(tmp_path / "data"), lang="en")
    assert verdict.problems == ()
    assert verdict.alone


def test_whoever_may_not_look_at_the_data_is_told_what_the_file_says_by_itself(tmp_path: Path) -> None:
    closed = tmp_path / ("x" * 300)  # no system has such a name: looking there is an error
    verdict = judge(written(tmp_path, MISSPELT), environ={}, data=str(closed))
    assert [problem.line for problem in verdict.problems] == [6]
    assert verdict.alone


def test_hosts_of_the_operator_are_known(tmp_path: Path) -> None:
    own = tmp_path / "data" / FOLDER / "hosts"
    own.mkdir(parents=True)
    (own / "ours.toml").write_text(
        """
[ours]
display = "Ours"
base_url = "https://models.example.com"
dialects = { "openai-chat" = "/v1/chat/completions" }
"""
    )
    path = written(tmp_path, "[[providers]]\nname = 'ours'\nsecret = 'env:OURS'\n")
    assert judge(path, environ={"OURS": "a-secret"}, data=str(tmp_path / "data")).problems == ()


def test_a_row_of_the_operator_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    own = tmp_path / "data" / FOLDER / "hosts"
    own.mkdir(parents=True)
    (own / "ours.toml").write_text("ours = 7\n")
    with pytest.raises(Complaint, match=r"ours\.toml"):
        judge(written(tmp_path, ""), environ={}, data=str(tmp_path / "data"))


def test_certificates_and_headers_are_opened_as_a_start_does(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
[server.tls]
cert = "counterpoint.toml"
key = "counterpoint.toml"

[telemetry]
endpoint = "https://otel.example.com"
headers = { authorization = "env:NOT_THERE" }
""",
    )
    found = judge(path, environ={}, data=str(tmp_path / "data")).problems
    assert [(problem.line, problem.path) for problem in found] == [
        (2, "server.tls"),
        (8, "telemetry.headers"),
    ]
