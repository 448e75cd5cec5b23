"""Whether the settings may be used as they are: nothing is sent over a network in clear without somebody's word."""

import ssl

from base.failure import NotDone
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, lines, listed
from settings.settings import Settings


def check(settings: Settings) -> None:
    """Raise `NotDone`, with a sentence for each setting that is missing or cannot be used."""
    wrong = [sentence for sentence in (_in_clear(settings), _nowhere(settings), _unusable(settings)) if sentence]
    if wrong:
        raise NotDone(lines(wrong))


def context(settings: Settings) -> ssl.SSLContext:
    """For a server with the certificate of these settings, which must have one. Raises OSError, ssl.SSLError."""
    assert settings.certificate is not None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    load(made, settings)
    return made


def load(into: ssl.SSLContext, settings: Settings) -> None:
    """Read certificate and key, again or for the first time. Raises OSError, ssl.SSLError; then nothing has changed."""
    assert settings.certificate is not None
    certificate, key = settings.certificate
    # Without a password of ours OpenSSL would ask the terminal for that of an encrypted key.
    into.load_cert_chain(certificate, key, password=lambda: "")


def _in_clear(settings: Settings) -> str | None:
    if not settings.exposed or settings.plain_network or settings.certificate is not None:
        return None
    what = [
        Sentence("{name} on {address}", name=name, address=address)
        for name, address in ((Sentence("phones"), settings.phones_listen), ("HTTP", settings.web_listen))
        if not address.is_loopback
    ]
    return Sentence(
        "Not encrypted: {what}. On the way everybody could hear conversations, and read the token and callers' "
        "numbers. "
        "Set tls_certificate and tls_key in {file} (docs/network.md says how). If only people whom you trust reach "
        "this "
        "network: plain_network = true.",
        what=listed(what),
        file=settings.folder.settings,
    )


def _nowhere(settings: Settings) -> str | None:
    if not settings.phones_listen.is_unspecified or settings.media_address is not None:
        return None
    return Sentence(
        "Phones would be told to send their audio to 0.0.0.0, where nobody hears it. Set media_address in {file} to "
        "the "
        "address of this machine that phones reach (`ip -4 address` lists them), or listen on that one alone.",
        file=settings.folder.settings,
    )


def _unusable(settings: Settings) -> str | None:
    if settings.tls_certificate is None:
        return None if settings.tls_key is None else Sentence("tls_key is set, but its tls_certificate is missing.")
    try:
        context(settings)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        certificate, key = settings.certificate or ("", "")
        return Sentence(
            "The certificate {certificate} with the key {key} cannot be used: {why}",
            certificate=certificate,
            key=key,
            why=recognised(error),
        )
    return None
