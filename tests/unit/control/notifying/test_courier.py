import asyncio
import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import SMTP
from sqlalchemy import select

from counterpoint.control.config_notifications import EmailSection, NotificationsSection, WebhookSection
from counterpoint.control.notifying.courier import EMAIL, MOST_ATTEMPTS, WEBHOOK, Courier, Mail, named
from counterpoint.storage import outbox
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.money_tables import outbox as table

SECRET = "a secret for the test"


class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(self.server.answers.pop(0))  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def hook(*answers: int) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    seen: list[tuple[dict[str, str], bytes]] = []
    server.seen, server.answers = seen, list(answers)  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def courier(database: Database, *hooks: str, email: EmailSection | None = None, **told: Any) -> Courier:
    section = NotificationsSection(
        webhooks=tuple(WebhookSection(url=url, secret="env:S") for url in hooks),
        email=email,
        **({"allow_private": True} | told),
    )
    return Courier(database, section, lambda _: SECRET, chance=lambda: 0.0)


def put(database: Database, kind: str, target: str, body: bytes = b"{}") -> str:
    with database.write() as connection:
        return outbox.add(connection, kind, target, body, now_micros())


def row_of(database: Database, message_id: str) -> Any:
    with database.read() as connection:
        return connection.execute(select(table).where(table.c.id == message_id)).one()


def make_due(database: Database) -> None:
    with database.write() as connection:
        connection.execute(table.update().values(due_at=0))


def test_a_message_is_posted_once_and_signed(database: Database) -> None:
    with hook(204) as (url, seen):
        sent = put(database, WEBHOOK, named(url), b'{"a": 1}')
        sender = courier(database, url)
        assert [sender.deliver(), sender.deliver()] == [1, 0]
    ((headers, body),) = seen
    signed = f"{sent}.{headers['webhook-timestamp']}.".encode() + body
    expected = b64encode(hmac.digest(SECRET.encode(), signed, "sha256")).decode()
    assert (body, headers["webhook-id"], headers["webhook-signature"]) == (
        b'{"a": 1}',
        sent,
        f"v1,{expected}",
    )
    assert row_of(database, sent).error is None


def test_what_fails_is_tried_again_later_and_later(database: Database) -> None:
    with hook(503, 500, 200) as (url, seen):
        sent = put(database, WEBHOOK, named(url))
        sender = courier(database, url)
        assert sender.deliver() == 0
        row = row_of(database, sent)
        assert (row.attempts, row.error, row.ended_at) == (1, "answered 503", None)
        assert row.due_at > now_micros()
        assert sender.deliver() == 0  # it is not due
        assert len(seen) == 1
        make_due(database)
        assert sender.deliver() == 0
        make_due(database)
        assert sender.deliver() == 1
    assert row_of(database, sent).ended_at is not None
    waits = [sender.wait_after(attempts) for attempts in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2.5, 1800.0)


@pytest.mark.parametrize("reason", ["gone", "unknown", "private", "too often"])
def test_what_can_never_go_is_given_up(database: Database, reason: str) -> None:
    with hook(410) as (url, _):
        sent = put(database, WEBHOOK, named(url if reason != "unknown" else "http://example.org/"))
        if reason == "too often":
            with database.write() as connection:
                connection.execute(table.update().values(attempts=MOST_ATTEMPTS))
        assert courier(database, url, allow_private=reason != "private").deliver() == 0
    row = row_of(database, sent)
    assert row.ended_at is not None
    assert row.error


def test_of_several_couriers_one_takes_a_message(database: Database) -> None:
    put(database, WEBHOOK, named("http://example.org/"))
    now = now_micros()
    with database.write() as connection:
        first = outbox.claim(connection, now, now + 60_000_000, 10)
    with database.write() as connection:
        second = outbox.claim(connection, now, now + 60_000_000, 10)
        after_its_end = outbox.claim(connection, now + 60_000_000, now + 120_000_000, 10)
    assert [len(each) for each in (first, second, after_its_end)] == [1, 0, 1]


class Inbox:
    def __init__(self) -> None:
        self.letters: list[tuple[list[str], Any]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((envelope.rcpt_tos, letter))
        return "250 OK"


@contextmanager
def mail_server(inbox: Inbox) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(inbox, loop=loop), "127.0.0.1", 0)

    async def stop() -> None:
        server.close()
        await server.wait_closed()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_mail_says_it_in_words(database: Database) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        told = EmailSection(
            host="127.0.0.1", port=port, security="none", sender="cp@example.org", to=("ops@example.org",)
        )
        mail = Mail("Budget of développement: 80 %\r\nBcc: all@example.org", "Spent 80 of 100 €.")
        sent = put(database, EMAIL, "ops@example.org", msgspec.json.encode(mail))
        assert courier(database, email=told).deliver() == 1
    ((recipients, letter),) = inbox.letters
    assert recipients == ["ops@example.org"]
    assert letter["Subject"] == "Budget of développement: 80 %  Bcc: all@example.org"
    assert letter["Bcc"] is None
    assert letter.get_content().strip() == "Spent 80 of 100 €."
    assert sent in letter["Message-ID"]


class Rude(Inbox):
    """Takes a mail, and then no leave."""

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return "451 not now"


def test_a_mail_that_was_taken_is_delivered_whatever_comes_after_it(database: Database) -> None:
    inbox = Rude()
    with mail_server(inbox) as port:
        told = EmailSection(
            host="127.0.0.1", port=port, security="none", sender="cp@example.org", to=("ops@example.org",)
        )
        sent = put(database, EMAIL, "ops@example.org", msgspec.json.encode(Mail("s", "t")))
        sender = courier(database, email=told)
        assert sender.deliver() == 1
        make_due(database)
        assert sender.deliver() == 0
    assert len(inbox.letters) == 1
    assert row_of(database, sent).error is None


def test_a_mail_server_that_is_away_is_tried_again(database: Database) -> None:
    told = EmailSection(host="127.0.0.1", port=1, sender="cp@example.org", to=("ops@example.org",))
    sent = put(database, EMAIL, "ops@example.org", json.dumps({"subject": "s", "text": "t"}).encode())
    assert courier(database, email=told).deliver() == 0
    assert row_of(database, sent).ended_at is None


def test_a_webhook_s_name_says_where_it_is_and_not_how_to_get_in() -> None:
    one, other = (named(f"https://hooks.example.org/services/{secret}") for secret in ("T0SECRET", "T1"))
    assert one != other
    assert one.startswith("hooks.example.org ")
    assert "SECRET" not in one
