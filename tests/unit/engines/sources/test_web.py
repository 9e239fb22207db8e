import ssl
from pathlib import Path

import pytest

from counterpoint.engines.sources.web import Web, without_credentials
from counterpoint.i18n.complaint import Complaint
from tests.serving_files import FileHost, Reply


def test_an_answer_comes_with_its_status(host: FileHost) -> None:
    host.replies["/a"] = Reply(b"content")
    with Web().open(f"{host.url}/a") as answer:
        assert (answer.status, answer.read()) == (200, b"content")
    with Web().open(f"{host.url}/b") as answer:
        assert answer.status == 404
    assert host.seen[0].headers["accept-encoding"] == "identity"
    assert host.seen[0].headers["user-agent"].startswith("counterpoint/")


def test_credentials_stay_with_their_host(host: FileHost) -> None:
    host.replies["/a"] = Reply(status=302, headers=(("Location", f"{host.other_name}/b"),))
    host.replies["/c"] = Reply(status=302, headers=(("Location", f"{host.url}/b"),))
    host.replies["/b"] = Reply(b"ok")
    secret = (("Authorization", "Bearer secret"),)
    for path in ("/a", "/c"):
        with Web().open(f"{host.url}{path}", secret) as answer:
            assert answer.read() == b"ok"
    asked = [(seen.path, seen.headers.get("authorization")) for seen in host.seen]
    assert asked == [("/a", "Bearer secret"), ("/b", None), ("/c", "Bearer secret"), ("/b", "Bearer secret")]


def test_a_redirect_can_be_had_as_it_is(host: FileHost) -> None:
    host.replies["/a"] = Reply(status=302, headers=(("Location", "/b"), ("X-Commit", "1")))
    with Web().open(f"{host.url}/a", method="HEAD", follow=False) as answer:
        assert (answer.status, answer.headers["X-Commit"]) == (302, "1")
    assert [seen.method for seen in host.seen] == ["HEAD"]


def test_plain_http_is_spoken_with_this_machine_only() -> None:
    for url in ("http://example.invalid/a", "ftp://127.0.0.1/a", "http://127.0.0.1.example.invalid/a"):
        with pytest.raises(Complaint, match="encryption"):
            Web().open(url)


def test_a_redirect_out_of_encryption_is_refused(host: FileHost) -> None:
    host.replies["/a"] = Reply(status=302, headers=(("Location", "http://example.invalid/b"),))
    with pytest.raises(Complaint, match="encryption"):
        Web().open(f"{host.url}/a")


def test_an_unreachable_host_is_named() -> None:
    with pytest.raises(Complaint, match=r"127\.0\.0\.1 cannot be reached"):
        Web(timeout=2).open("http://127.0.0.1:9/a")


def test_credentials_in_an_address_become_a_header(
    host: FileHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.replies["/a"] = Reply(b"ok")
    with Web().open(f"http://us%40er:pa%3Ass@127.0.0.1:{host.port}/a") as answer:
        assert answer.status == 200
    assert host.seen[0].headers["authorization"] == "Basic dXNAZXI6cGE6c3M="
    (tmp_path / ".netrc").write_text("machine mirror.invalid login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert without_credentials("https://mirror.invalid/x") == (
        "https://mirror.invalid/x",
        (("Authorization", "Basic bWU6c2VjcmV0"),),
    )
    assert without_credentials("https://other.invalid/x") == ("https://other.invalid/x", ())


def test_a_proxy_gets_the_request(host: FileHost) -> None:
    host.replies["http://mirror.invalid/a"] = Reply(b"by proxy")
    web = Web(proxy=host.url, trusted=frozenset({"mirror.invalid"}))
    with web.open("http://mirror.invalid/a") as answer:
        assert answer.read() == b"by proxy"


def test_certificates_of_the_companys_own_are_read(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")
    with pytest.raises(ssl.SSLError):
        Web(certificates=str(tmp_path / "bad.pem"))
    Web(certificates=str(tmp_path))
