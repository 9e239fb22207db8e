"""What an administrator enters must not lead where only this machine may go."""

from collections.abc import Iterator

import pytest

from counterpoint.control.reaching import check_networks, check_reach
from counterpoint.i18n.complaint import Complaint
from counterpoint.transport import reach


@pytest.fixture(autouse=True)
def default() -> Iterator[None]:
    reach.extend(None)
    yield
    reach.extend(None)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.5:8000/v1",
        "https://192.168.1.1",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://[::ffff:169.254.169.254]/",
        "http://user@10.0.0.5/",
    ],
)
def test_a_private_address_is_refused_with_what_to_do(url: str) -> None:
    with pytest.raises(Complaint) as told:
        check_reach(url)
    assert "private_networks" in told.value.text(lang="en")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:11434", "http://localhost:1234/v1", "https://api.example", "http://["]
)
def test_what_may_be_called_is_not(url: str) -> None:
    check_reach(url)


def test_the_operator_allows_it() -> None:
    reach.extend(["10.0.0.0/8"])
    check_reach("http://10.0.0.5:8000/v1")


def test_networks_are_checked() -> None:
    check_networks(("10.0.0.1", "10.0.0.0/8", "fd00::/8"))
    with pytest.raises(Complaint, match="somewhere"):
        check_networks(("somewhere",))
