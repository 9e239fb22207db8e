"""Carries messages out of the outbox, each until it is delivered or nobody can hope any more.

A message is claimed for a while and then sent; whoever dies with it leaves it to the next. So it may come twice,
never not at all: its id is in it, by which a reader knows it again.
"""

import hashlib
import logging
import random
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import urlsplit

import msgspec

from counterpoint import __version__
from counterpoint.control.config_notifications import EmailSection, NotificationsSection
from counterpoint.control.notifying.signing import signed_headers
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import outbox
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.outbox import Message
from counterpoint.transport.guarded import GuardedClient, GuardedError

log = logging.getLogger(__name__)

WEBHOOK, EMAIL = "webhook", "email"
SECOND = 1_000_000
CLAIM = 120 * SECOND
"""Longer than a delivery may take."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 3600.0
MOST_ATTEMPTS = 24
"""With waits that double up to an hour, about eighteen hours."""
AT_ONCE = 20
MAIL_SECONDS = 15.0
KEPT = 30 * 86_400 * SECOND
_GONE = 410
"""By which an address says that it wants no more (Standard Webhooks)."""


class Undeliverable(Exception):  # noqa: N818 - it is a state of a message
    """It did not go; `final`: nor will it."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Mail(msgspec.Struct, frozen=True):
    """What an e-mail says."""

    subject: str
    text: str


def named(url: str) -> str:
    """By which a message names the webhook that it goes to. Some addresses let in whoever knows them, and what waits in
    the database is in every backup."""
    return f"{urlsplit(url).hostname} {hashlib.sha256(url.encode()).hexdigest()[:32]}"


class Courier:
    """`secret`: reads a secret from where the configuration says it is. Raises what it raises."""

    def __init__(
        self,
        database: Database,
        told: NotificationsSection,
        secret: Callable[[str], str],
        *,
        tls: ssl.SSLContext | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._told = told
        self._secret = secret
        self._client = GuardedClient(allow_private=told.allow_private, tls=tls)
        self._tls = tls
        self._chance = chance

    def deliver(self) -> int:
        """Sends what is due; how many messages left."""
        now = now_micros()
        with self._database.read() as connection:  # nobody who writes is kept waiting for nothing
            if not outbox.is_due(connection, now):
                return 0
        with self._database.write() as connection:
            due = outbox.claim(connection, now, now + CLAIM, AT_ONCE)
            outbox.forget(connection, now - KEPT)
        return sum(self._carry(message) for message in due)

    def _carry(self, message: Message) -> bool:
        try:
            self._send(message)
        except (OSError, ValueError, Undeliverable, GuardedError, Complaint) as error:
            self._failed(message, error)
            return False
        with self._database.write() as connection:
            outbox.ended(connection, message.id, now_micros())
        return True

    def _failed(self, message: Message, error: Exception) -> None:
        reason = (
            str(error)
            if isinstance(error, (Undeliverable, GuardedError))
            else f"{type(error).__name__}: {error}"
        )
        final = getattr(error, "final", False) or getattr(error, "forbidden", False)
        now, made = now_micros(), message.attempts + 1
        with self._database.write() as connection:
            if final or made >= MOST_ATTEMPTS:
                log.error("a message of kind %s is given up: %s", message.kind, reason)
                outbox.ended(connection, message.id, now, reason[:500])
            else:
                log.warning("a message of kind %s is tried again later: %s", message.kind, reason)
                wait = int(self.wait_after(made) * SECOND)
                outbox.again(connection, message.id, now + wait, reason[:500])

    def wait_after(self, attempts: int) -> float:
        """Seconds: doubled each time, the last half of it by chance, so that many do not come at once."""
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20))
        return longest / 2 + longest / 2 * self._chance()

    def _send(self, message: Message) -> None:
        if message.kind == WEBHOOK:
            self._post(message)
        else:
            self._mail(message)

    def _post(self, message: Message) -> None:
        hook = next((hook for hook in self._told.webhooks if named(hook.url) == message.target), None)
        if hook is None:
            raise Undeliverable("its address is no more in the configuration", final=True)
        headers: Mapping[str, str] = {
            "content-type": "application/json",
            "user-agent": f"counterpoint/{__version__}",
            **signed_headers(self._secret(hook.secret), message.id, int(time.time()), message.body),
        }
        answer = self._client.post(hook.url, headers, message.body)
        if not 200 <= answer.status < 300:
            raise Undeliverable(f"answered {answer.status}", final=answer.status == _GONE)

    def _mail(self, message: Message) -> None:
        told = self._told.email
        if told is None:
            raise Undeliverable("no mail server is in the configuration any more", final=True)
        mail = msgspec.json.decode(message.body, type=Mail)
        letter = EmailMessage()
        letter["From"], letter["To"] = told.sender, message.target
        letter["Subject"] = mail.subject.replace("\r", " ").replace("\n", " ")
        letter["Date"] = formatdate(message.created_at / SECOND)
        letter["Message-ID"] = make_msgid(message.id, domain="counterpoint")
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(mail.text)
        server = self._server(told)
        try:
            server.send_message(letter)
            _take_leave(server)
        finally:
            server.close()

    def _server(self, told: EmailSection) -> smtplib.SMTP:
        tls = self._tls or ssl.create_default_context()
        name = socket.gethostname()  # the library would ask a name server for it
        if told.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                told.host, told.port, local_hostname=name, timeout=MAIL_SECONDS, context=tls
            )
        else:
            server = smtplib.SMTP(told.host, told.port, local_hostname=name, timeout=MAIL_SECONDS)
        try:
            if told.security == "starttls":
                server.starttls(context=tls)
            if told.user and told.password is not None:
                server.login(told.user, self._secret(told.password))
        except BaseException:
            server.close()
            raise
        return server


def _take_leave(server: smtplib.SMTP) -> None:
    """The mail is theirs by now, whatever they answer."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError) as error:
        log.info("the mail server took a mail, but not the leave: %s", error)
