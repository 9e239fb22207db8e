"""Routes and projects as the configuration file says them; what is wrong is told where it stands."""

from pathlib import Path

from counterpoint.control.config_check import check, load
from counterpoint.control.config_routing import projects_from, routes_from
from counterpoint.directory.losspolicy import LossPolicy
from counterpoint.directory.routes import Check, Constraints, Retrying, Route, Target, Timeouts

SOUND = """
[[routes]]
name = "chat"
policy = "cascade"
targets = [{ model = "small", check = { kind = "schema", schema = '{"type": "object"}' } }, "large"]
fallbacks = ["other/large"]
hedge_after = 2
session_header = "X-Session"
[routes.constraints]
capabilities = ["tools"]
max_input_price = "2.50"
max_output_price = 10
residency = ["EU", "CH"]
losses = "refuse; severity=meaning"
[routes.retrying]
attempts = 3
[routes.timeouts]
total = 30.0

[[projects]]
name = "law"
data_class = "secret"
constraints = { open_weights = true }
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "counterpoint.toml"
    path.write_text(text)
    return path


def _told(folder: Path, text: str) -> list[tuple[str, str]]:
    return [(problem.path, problem.message) for problem in check(_file(folder, text), lang="en")]


def test_all_of_it_is_read(tmp_path: Path) -> None:
    configuration = load(_file(tmp_path, SOUND))
    (route,) = routes_from(configuration)
    assert route == Route(
        "chat",
        "cascade",
        (Target("small", check=Check("schema", schema_='{"type": "object"}')), Target("large")),
        ("other/large",),
        Constraints(
            capabilities=frozenset({"tools"}),
            max_input_price=2_500_000,
            max_output_price=10_000_000,
            residency=("EU", "CH"),
            losses=LossPolicy("refuse", "meaning"),
        ),
        session_header="x-session",
        retrying=Retrying(attempts=3),
        timeouts=Timeouts(total=30.0),
        hedge_after=2,
    )
    (project,) = projects_from(configuration)
    assert (project.name, project.data_class) == ("law", "secret")
    assert project.constraints == Constraints(open_weights=True)


def test_faults_are_told_where_they_stand(tmp_path: Path) -> None:
    text = """
[[routes]]
name = "a"
targets = ["b", "x*"]
constraints = { residency = ["France"], capabilities = ["tool"] }
[[routes]]
name = "b"
targets = ["a"]
[[routes]]
name = "b"
targets = ["m"]
constraints = { max_input_price = "two", losses = "perhaps" }
[[projects]]
name = "law"
data_class = "s*"
[[projects]]
name = "law"
constraints = { jurisdictions = ["fr"] }
"""
    told = _told(tmp_path, text)
    paths = [path for path, _ in told]
    assert set(paths) == {
        "routes[0].targets[1].model",
        "routes[0].constraints.residency",
        "routes[0].constraints.capabilities",
        "routes[0].targets",
        "routes[1].targets",
        "routes[2].name",
        "routes[2].constraints.max_input_price",
        "routes[2].constraints.losses",
        "projects[0].data_class",
        "projects[1].name",
        "projects[1].constraints.jurisdictions",
    }
    assert any("a → b → a" in message for _, message in told)


def test_words_that_are_not_known_are_answered_with_those_that_are(tmp_path: Path) -> None:
    ((path, message),) = _told(tmp_path, '[[routes]]\nname = "a"\ntargets = ["m"]\npolicy = "weigthed"\n')
    assert path == "routes[0].policy"
    assert "weighted" in message
    told = _told(tmp_path, '[[routes]]\nname = "a"\ntargets = ["m"]\n[routes.timeouts]\ntotl = 3.0\n')
    assert [path for path, _ in told] == ["routes[0].timeouts.totl"]


def test_aliases_that_close_a_circle_are_found(tmp_path: Path) -> None:
    text = '[rules.aliases]\n"best" = "a"\n[[routes]]\nname = "a"\ntargets = ["best"]\n'
    ((path, _),) = _told(tmp_path, text)
    assert path == "routes[0].targets"
