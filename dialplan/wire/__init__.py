"""AGI and AMI as they are on the wire: bytes in, messages out, no I/O. Here are the rules of both: values that may
not go out, and what may not come in.
"""


class Unsendable(ValueError):
    """A text cannot be sent: it would end the line that it stands in, or Asterisk would cut or drop it."""


class ProtocolViolation(Exception):
    """The other side sent what its protocol does not allow, or more than we accept. Its connection must be closed."""


def sendable(text: str, what: str) -> str:
    """`text` if it can stand inside one line, else raises `Unsendable` that names `what`; the text may be a secret.

    CR and LF would end the line, and what follows them would be a command of its own; NUL ends a C string.
    """
    for name, character in (("a carriage return", "\r"), ("a line feed", "\n"), ("a NUL", "\0")):
        if character in text:
            raise Unsendable(f"{what} contains {name} and cannot be sent to Asterisk")
    return text


def to_bytes(text: str, what: str) -> bytes:
    """`text` in UTF-8, else (it holds half of a surrogate pair) raises `Unsendable` that names `what`."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Unsendable(f"{what} is not valid Unicode text") from error
