"""Places that are shared so that nobody keeps others out."""

from service.http.turnstile import Shares


def taken(shares: Shares, who: str, most: int) -> int:
    """How many places this one holds who takes all that there are."""
    while shares.admits(who, most):
        shares.take(who)
    return shares.of(who)


def test_one_alone_gets_half_and_whoever_holds_none_gets_one_as_long_as_there_are_any() -> None:
    shares = Shares()
    assert [taken(shares, who, 100) for who in "abc"] == [50, 25, 13]
    assert shares.taken == 88
    for number in range(12):
        assert shares.admits(f"newcomer {number}", 100)
        shares.take(f"newcomer {number}")
    assert not shares.admits("the last", 100)
    assert shares.admits("the last", 101), "there may be more for some"
    for _ in range(50):
        shares.give_back("a")
    assert (shares.taken, shares.of("a")) == (50, 0)
    assert "a" not in shares._held
