"""Credentials are renewed ahead of their end, once at a time, and later and later after failures."""

import itertools
import threading

import pytest

from counterpoint.control.credentials.keeper import FIRST_RETRY, LAST_RETRY, Keeper, fetch
from counterpoint.control.credentials.values import Grant, IbmKey, Source
from counterpoint.i18n.complaint import Complaint
from tests.unit.control.credentials.token_server import token_server

KEY, OTHER = IbmKey("a"), IbmKey("b")


class Cloud:
    """Gives numbered tokens, each good for an hour, while `up`. Its clock stands still until it is set."""

    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.up = True
        self.asked = 0

    def fetch(self, source: Source) -> Grant:
        self.asked += 1
        if not self.up:
            raise Complaint("control.credentials.silent", cloud="X", place="y")
        return Grant(self.time + 3600, f"token-{self.asked}")


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
def keeper(cloud: Cloud) -> Keeper:
    return Keeper(cloud.fetch, lambda: cloud.time, lambda: 0.5)


def test_one_is_fetched_and_serves_until_it_is_due(cloud: Cloud, keeper: Keeper) -> None:
    assert keeper.obtain(KEY).token == keeper.obtain(KEY).token == "token-1"
    keeper.keep([KEY])
    cloud.time += 3600 * 0.74
    keeper.renew_due()
    assert cloud.asked == 1
    cloud.time += 3600 * 0.02
    before = keeper.version
    keeper.renew_due()
    assert keeper.at_hand(KEY).token == "token-2"
    assert keeper.version > before


def test_an_outage_shows_only_when_nothing_is_left(cloud: Cloud, keeper: Keeper) -> None:
    keeper.keep([KEY])
    cloud.up = False
    cloud.time += 3000
    keeper.renew_due()
    assert keeper.at_hand(KEY).token == "token-1"
    assert keeper.usable(KEY)
    assert keeper.problem(KEY) is not None
    cloud.time += 600
    assert not keeper.usable(KEY)
    with pytest.raises(Complaint, match="did not answer in time"):
        keeper.at_hand(KEY)
    cloud.up = True
    cloud.time += LAST_RETRY
    keeper.renew_due()
    assert keeper.usable(KEY)
    assert keeper.problem(KEY) is None


def test_a_failing_server_is_asked_later_and_later(cloud: Cloud, keeper: Keeper) -> None:
    cloud.up = False
    keeper.keep([KEY])
    moments = []
    for _ in range(4 * 3600):
        cloud.time += 1
        before = cloud.asked
        keeper.renew_due() if keeper._due(KEY, cloud.time) else None
        if cloud.asked > before:
            moments.append(cloud.time)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert gaps == sorted(gaps)
    assert gaps[0] <= FIRST_RETRY * 2
    assert LAST_RETRY * 0.5 <= gaps[-1] <= LAST_RETRY


def test_between_tries_the_last_answer_stands_but_a_person_may_ask(cloud: Cloud, keeper: Keeper) -> None:
    cloud.up = False
    for _ in range(3):
        with pytest.raises(Complaint):
            keeper.obtain(KEY)
    assert cloud.asked == 1
    cloud.up = True
    assert keeper.ask_again(KEY).token == "token-2"


def test_many_who_want_it_ask_once(cloud: Cloud) -> None:
    here, go = threading.Barrier(9), threading.Event()

    def slow(source: Source) -> Grant:
        go.wait(10)
        return cloud.fetch(source)

    keeper = Keeper(slow, lambda: cloud.time)
    tokens: list[str] = []

    def want() -> None:
        here.wait(10)
        tokens.append(keeper.obtain(KEY).token)

    threads = [threading.Thread(target=want) for _ in range(8)]
    for thread in threads:
        thread.start()
    here.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)
    assert tokens == ["token-1"] * 8
    assert cloud.asked == 1


def test_what_nobody_wants_is_forgotten(cloud: Cloud, keeper: Keeper) -> None:
    keeper.keep([KEY, OTHER])
    keeper.keep([OTHER])
    assert not keeper.usable(KEY)
    with pytest.raises(Complaint, match="in a moment"):
        keeper.at_hand(KEY)


def test_nothing_of_a_credential_is_printed(caplog: pytest.LogCaptureFixture) -> None:
    with token_server(lambda _: (400, {"errorMessage": "no"})) as server:
        keeper = Keeper(lambda source: fetch(source, {}))
        with pytest.raises(Complaint):
            keeper.obtain(IbmKey("very-secret", server.url))
    assert "IbmKey(...)" in caplog.text
    assert "very-secret" not in caplog.text
    assert "token" not in repr(Grant(0, "token-x"))
