"""A mail server, as the daily sheet needs one: a connection, and one mail. These calls block."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import NamedTuple

from base.failure import NotDone
from settings.sections import DailySheet

TIMEOUT = 15.0
"""Seconds that each step of the server may take."""

ACCEPTING = 300.0
"""Seconds until the server must have accepted the whole mail, which it may search for viruses first. RFC 5321 4.5.3.2.6
has ten minutes.
"""


class Delivery(NamedTuple):
    """One mail to be sent. `password`: of the user that `by` names."""

    by: DailySheet
    password: str | None
    message: EmailMessage


@contextmanager
def connected(by: DailySheet, password: str | None) -> Iterator[smtplib.SMTP]:
    """A connection on which mail can be sent, encrypted and signed in as set. The server's certificate has to be one
    that this machine trusts. Raises NotDone; its sentence never has the password.
    """
    try:
        trusted = ssl.create_default_context()
        made = (
            smtplib.SMTP_SSL(by.host, by.port, timeout=TIMEOUT, context=trusted)
            if by.encryption == "tls"
            else smtplib.SMTP(by.host, by.port, timeout=TIMEOUT)
        )
        try:
            if by.encryption == "starttls":
                made.starttls(context=trusted)
            if by.user is not None:
                made.login(by.user, password or "")
            yield made
        finally:
            _part(made)
    except (smtplib.SMTPException, OSError) as error:
        raise NotDone(
            "the mail server {host} at {port} says: {why}", host=by.host, port=by.port, why=_why(error)[:300]
        ) from error


def _part(server: smtplib.SMTP) -> None:
    """Say goodbye. A mail that the server has accepted is mailed, whatever the answer is."""
    with suppress(smtplib.SMTPException, OSError):
        if server.sock is not None:
            server.sock.settimeout(TIMEOUT)
        server.quit()
    server.close()


def _why(error: Exception) -> str:
    match error:
        case smtplib.SMTPResponseException():
            return _answer(error.smtp_code, error.smtp_error)
        case smtplib.SMTPRecipientsRefused():
            return "; ".join(f"{who}: {_answer(*answer)}" for who, answer in error.recipients.items())
        case ssl.SSLError():
            return str(error)
        case _:
            return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _answer(code: int, words: bytes | str) -> str:
    return f"{code} {words if isinstance(words, str) else words.decode(errors='replace')}"


def delivered(wanted: Delivery) -> list[str]:
    """Hand the mail to the server, which then has it; answers which receivers it refused, and in which words. Raises
    NotDone: it has accepted none.
    """
    with connected(wanted.by, wanted.password) as server:
        if server.sock is not None:
            server.sock.settimeout(ACCEPTING)
        refused = server.send_message(wanted.message)
    return [f"{who}: {_answer(*answer)}" for who, answer in refused.items()]
