"""Where files may go, and which batches no host may work off by itself."""

import pytest

from counterpoint.control.hostrules import excluded, unbound
from counterpoint.directory import Directory, Host, Key
from counterpoint.directory.routes import Constraints, Project
from counterpoint.limits import Limit

KEY = Key("k", "mine", "p", "o")
HOST = Host("h", "https://h.example", residency=("FR",), jurisdiction="FR", data_classes=("public",))


def directory(constraints: Constraints, data_class: str = "public", *limits: Limit) -> Directory:
    return Directory(projects={"p": Project("p", "one", data_class, constraints)}, limits=limits)


@pytest.mark.parametrize(
    ("constraints", "data_class", "out"),
    [
        (Constraints(), "public", False),
        (Constraints(), "secret", True),
        (Constraints(), "", True),
        (Constraints(hosts=("h",), residency=("EU",), jurisdictions=("FR",)), "public", False),
        (Constraints(hosts=("other",)), "public", True),
        (Constraints(not_hosts=("h",)), "public", True),
        (Constraints(not_hosts=("H*",)), "public", True),
        (Constraints(hosts=("H",)), "public", False),
        (Constraints(residency=("US",)), "public", True),
        (Constraints(jurisdictions=("US",)), "public", True),
    ],
)
def test_a_project_says_where_its_files_may_go(constraints: Constraints, data_class: str, out: bool) -> None:
    assert excluded(HOST, KEY, directory(constraints, data_class)) is out


def test_a_host_is_excluded_by_the_catalogue_s_name_for_it_too() -> None:
    host = Host("ours", "https://h.example", catalogued="azure-foundry")
    assert excluded(host, KEY, directory(Constraints(not_hosts=("azure-*",))))
    assert excluded(host, KEY, directory(Constraints(hosts=("azure-foundry",))))
    assert not excluded(host, KEY, directory(Constraints(hosts=("ours",))))


def test_what_is_not_known_of_a_host_counts_against_it() -> None:
    unknown = Host("u", "https://u.example")
    assert excluded(unknown, KEY, directory(Constraints(residency=("EU",))))
    assert excluded(unknown, KEY, directory(Constraints(jurisdictions=("FR",))))
    assert not excluded(unknown, KEY, directory(Constraints()))


def test_what_is_not_known_of_a_project_counts_against_it() -> None:
    assert excluded(HOST, KEY, Directory())
    assert unbound(KEY, Directory())


def test_a_batch_escapes_what_is_said_of_models_and_money() -> None:
    assert not unbound(KEY, directory(Constraints(hosts=("h",), residency=("EU",))))
    assert unbound(KEY, directory(Constraints(max_output_price=1)))
    assert unbound(Key("k", "mine", "p", "o", models=("a",)), directory(Constraints()))
    assert unbound(KEY, directory(Constraints(), "public", Limit("l", "key", "k", "money", 1)))
    assert not unbound(KEY, directory(Constraints(), "public", Limit("l", "key", "other", "money", 1)))
