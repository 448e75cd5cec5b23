"""A mail server, as the daily sheet needs one: a connection, and one mail. These calls block."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import NamedTuple

from base.failure import NotDone
from sentences.sentence import Sentence
from settings.sections import DailySheet

TIMEOUT = 15.0
"""Seconds that each step of the server may take."""


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
        with made as server:
            if by.encryption == "starttls":
                server.starttls(context=trusted)
            if by.user is not None:
                server.login(by.user, password or "")
            yield server
    except (smtplib.SMTPException, OSError) as error:
        why = repr(error)[:300]
        raise NotDone(
            Sentence("the mail server {host} at {port} says: {why}", host=by.host, port=by.port, why=why)
        ) from error


def delivered(wanted: Delivery) -> int:
    """Hand the mail to the server, which then has it; answers how many receivers it refused. Raises NotDone: it has
    accepted none.
    """
    with connected(wanted.by, wanted.password) as server:
        return len(server.send_message(wanted.message))
