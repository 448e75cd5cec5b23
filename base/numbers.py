"""Callers' numbers: how they are masked, found in a text, and compared. Pure."""

import re
from collections.abc import Collection

FIRST, LAST = 3, 2
"""Characters that a masked number keeps at its beginning and its end."""

FEWEST_HIDDEN = 4
"""Characters that are hidden at least. A shorter number keeps fewer of its own."""

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_KEPT = "|".join(
    (
        r"PJSIP/[A-Za-z0-9_.]{1,40}-[0-9a-f]{8}(?!\w)",  # a phone's channel
        r"@[a-z-]{1,40}-[0-9a-f]{8}(?=;)",  # Asterisk's own
        r"(?<![\w\\%])(?=\d*[a-f])[0-9a-f]{10,16}-[0-9a-f]{1,8}(?!\w)",  # a call's id, an offer's id
        r"(?<![\w\\%])(?=(?:\d*[a-f]){3})[0-9a-f]{8,64}(?!\w)",  # a digest
        rf"(?<![\d.])(?:{_OCTET}\.){{3}}{_OCTET}(?![\d.])",  # an address
        r"(?<!\d)\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?)?(?!\d)",  # a date, a time
        r"(?<![\d.])1[6-9]\d{8}\.\d{1,9}(?![\d.])",  # seconds since the epoch, an id of Asterisk's
        r"(?<!\d)\d{7,12}(?= bytes)",
    )
)
_NUMBER = r"\+?\d(?:[-._*#]{0,2}\d){6,}|(?<!\d)(?:\+\d{1,3} )?\(?[01]\d{2,3}\)? \d{3,4} \d{4}(?!\d)"
_SEEN = re.compile(f"(?P<kept>{_KEPT})|(?P<number>{_NUMBER})")

_SEPARATORS = re.compile(r"[\s()./_-]+")
_PREFIX = re.compile(r"(?:\+|00)?0*")

ALIKE = 8
"""Digits at the end that two ways of writing one number have in common: with and without an area or a country."""


def masked(number: str) -> str:
    """The number with its middle hidden: `138******00`. A short one shows less, or nothing; the length stays."""
    last = LAST if len(number) >= LAST + FEWEST_HIDDEN else 0
    first = FIRST if len(number) >= FIRST + last + FEWEST_HIDDEN else 0
    hidden = len(number) - first - last
    return f"{number[:first]}{'*' * hidden}{number[len(number) - last :]}"


def masked_in(text: str, keep: Collection[str] = ()) -> str:
    """The text with everything masked that can be a caller's number: seven digits or more, also with separators.

    The texts in `keep` stay, and so do dates, addresses, channels, ids of calls, and digests.
    """

    def shown(found: re.Match[str]) -> str:
        number = found["number"]
        return found[0] if number is None or number in keep else masked(number)

    return _SEEN.sub(shown, text)


def masked_of(text: str, number: str) -> str:
    """The text with this one number masked, however it is written there."""
    wanted = plain(number)

    def shown(found: re.Match[str]) -> str:
        return masked(found[0]) if found["number"] is not None and plain(found[0]) == wanted else found[0]

    return _SEEN.sub(shown, text)


def pattern_of(number: str) -> str:
    """For LIKE: fits every text that has the number, with separators or without, and some others."""
    return f"%{'%'.join(tail(number))}%"


def is_shown(number: str) -> bool:
    """Whether this is a caller's number: who withholds it is `anonymous`, or says nothing, as all others who do."""
    return any(map(str.isdigit, number))


def plain(number: str) -> str:
    """The common form of all ways to write one number: `+86 138-0013-8000` and `0086 13800138000` give the same.

    A SIP user without digits only is left as it is, but for case.
    """
    bare = _SEPARATORS.sub("", number.strip())
    if not re.fullmatch(r"\+?[0-9]+", bare):
        return number.strip().lower()
    return _PREFIX.sub("", bare, count=1) or bare


def ways(number: str) -> tuple[str, ...]:
    """In which it may be kept: as it is given, bare, with a plus sign, with a long-distance prefix."""
    bare = plain(number)
    return tuple(dict.fromkeys((number, bare, f"+{bare}", f"0{bare}", f"00{bare}")))


def tail(number: str) -> str:
    """The last digits, by which other ways of writing the number are found."""
    return plain(number)[-ALIKE:]
