"""Places that are shared so that nobody keeps others out."""

from contextlib import ExitStack

from service.http.shares import Shares


def taken(shares: Shares, who: str, most: int, holding: ExitStack) -> int:
    """How many places this one gets who takes all that there are."""
    while shares.admits(who, most):
        holding.enter_context(shares.held(who))
    return shares.of(who)


def test_one_alone_gets_half_and_whoever_holds_none_gets_one_as_long_as_there_are_any() -> None:
    shares = Shares()
    with ExitStack() as holding:
        assert [taken(shares, who, 100, holding) for who in "abc"] == [50, 25, 13]
        assert shares.taken == 88
        for number in range(12):
            assert shares.admits(f"newcomer {number}", 100)
            holding.enter_context(shares.held(f"newcomer {number}"))
        assert not shares.admits("the last", 100)
        assert shares.admits("the last", 101), "there may be more for some"
    assert (shares.taken, dict(shares._held)) == (0, {})
