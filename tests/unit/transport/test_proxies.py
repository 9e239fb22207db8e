"""The way out through a proxy: real tunnels, real TLS."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import uvloop

from counterpoint.transport import Origin, Pool
from counterpoint.transport.pool import tls_context
from counterpoint.transport.proxies import Proxy, ProxyError, proxy_for
from tests.certificates import make_certificates
from tests.unit.transport.test_pool import OK, Heard, ask

VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.corp:8080"}, Proxy("proxy.corp", 8080)),
        ({"https_proxy": "proxy.corp"}, Proxy("proxy.corp", 3128)),
        ({"HTTPS_PROXY": "http://me:p%40ss@proxy.corp"}, Proxy("proxy.corp", 3128, "Basic bWU6cEBzcw==")),
        ({"ALL_PROXY": "http://proxy.corp:1"}, Proxy("proxy.corp", 1)),
        ({"HTTPS_PROXY": "http://proxy.corp", "NO_PROXY": "other,.example"}, None),
        ({"HTTPS_PROXY": "http://proxy.corp", "NO_PROXY": "*"}, None),
    ],
)
def test_the_environment_says_which_proxy(
    environment: dict[str, str], found: Proxy | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for("api.example", 443) == found


def test_an_address_that_is_none_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.corp")
    with pytest.raises(ProxyError, match="HTTPS_PROXY"):
        proxy_for("api.example", 443)


def test_a_proxys_password_is_not_shown() -> None:
    assert "secret" not in repr(Proxy("p", 1, "secret"))


Talk = Callable[[Pool, Origin, list[bytes]], Awaitable[None]]


def through_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: bytes, talk: Talk) -> None:
    """A TLS host, and a proxy that answers CONNECT with `verdict` and leads there. `talk` gets what it saw."""
    certificates = make_certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    tls_context.cache_clear()

    async def run() -> None:
        async def host(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while await reader.readuntil(b"\r\n\r\n"):
                    writer.write(OK)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        secure = await asyncio.start_server(host, "127.0.0.1", 0, ssl=certificates.server())
        port = secure.sockets[0].getsockname()[1]
        seen: list[bytes] = []

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(verdict)
            if not verdict.startswith(b"HTTP/1.1 200"):
                writer.close()
                return
            onward = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_copy(reader, onward[1]), _copy(onward[0], writer))

        tunnels = await asyncio.start_server(proxy, "127.0.0.1", 0)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{tunnels.sockets[0].getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "")
        pool = Pool()
        async with asyncio.timeout(20):
            await talk(pool, Origin("localhost", port, True), seen)
        pool.close()
        await asyncio.sleep(0)
        tunnels.close()
        secure.close()

    try:
        uvloop.run(run())
    finally:
        tls_context.cache_clear()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
    except ConnectionError:
        pass
    finally:
        writer.close()


def test_a_host_is_reached_through_a_tunnel_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(pool: Pool, origin: Origin, seen: list[bytes]) -> None:
        for _ in range(3):
            heard: Heard = await ask(pool, origin)
            assert (heard.said, heard.body) == ([200, "end"], b"ok")
        assert len(seen) == 1
        assert seen[0].startswith(b"CONNECT localhost:%d HTTP/1.1\r\n" % origin.port)

    through_a_proxy(tmp_path, monkeypatch, b"HTTP/1.1 200 Connection established\r\n\r\n", talk)


@pytest.mark.parametrize(
    "verdict", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"", b"SSH\r\n\r\n"]
)
def test_a_proxy_that_refuses_is_a_loss_before_anything_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: bytes
) -> None:
    async def talk(pool: Pool, origin: Origin, seen: list[bytes]) -> None:
        assert (await ask(pool, origin)).said == [("lost", True)]

    through_a_proxy(tmp_path, monkeypatch, verdict, talk)


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(pool: Pool, origin: Origin, seen: list[bytes]) -> None:
        monkeypatch.delenv("SSL_CERT_FILE")
        tls_context.cache_clear()
        assert (await ask(pool, origin)).said == [("lost", True)]
        monkeypatch.setenv("NO_PROXY", "*")
        assert (await ask(pool, origin)).said == [("lost", True)]

    through_a_proxy(tmp_path, monkeypatch, b"HTTP/1.1 200 OK\r\n\r\n", talk)
