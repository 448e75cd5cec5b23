"""The QR code of a number: a phone that reads it offers to call."""

import segno


def modules(tel: str) -> tuple[tuple[bool, ...], ...]:
    """The code of a `tel:` link, rows of modules with the quiet zone of four around; medium correction of errors."""
    code = segno.make(tel, micro=False, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix_iter(border=4))
