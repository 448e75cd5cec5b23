"""The security log's lines, as Asterisk 22.10 writes them."""

from ipaddress import IPv4Address

from dialplan.security import MANY, UNKNOWN, WINDOW, Guesses, Proof, proofs

FAILED = (
    '[2026-11-26 10:00:00.123] SECURITY[1234] res_security_log.c: SecurityEvent="ChallengeResponseFailed",'
    'EventTV="2026-11-26T10:00:00.123+0000",Severity="Error",Service="PJSIP",EventVersion="1",AccountID="1001",'
    'SessionID="{session}",LocalAddress="IPV4/UDP/127.0.0.1/5060",RemoteAddress="IPV4/UDP/192.0.2.7/40000",'
    'Challenge="{challenge}",Response="{response}",ExpectedResponse=""\n'
)


def said(
    session: str = "abc", challenge: str = "1/2", response: str = "3", **change: str
) -> list[tuple[str, str, bool]]:
    line = FAILED.format(session=session, challenge=challenge, response=response)
    for old, new in change.items():
        line = line.replace(old, new)
    return [(str(proof.address), proof.account, proof.passed) for proof in proofs(line.encode())]


def test_a_failure() -> None:
    assert said() == [("192.0.2.7", "1001", False)]


def test_an_unknown_user_and_a_success() -> None:
    assert said(**{'AccountID="1001"': f'AccountID="{UNKNOWN}"'}) == [("192.0.2.7", UNKNOWN, False)]
    assert said(ChallengeResponseFailed="SuccessfulAuth") == [("192.0.2.7", "1001", True)]


def test_what_is_no_password() -> None:
    assert said(ChallengeResponseFailed="ChallengeSent") == []
    assert said(PJSIP="AMI") == []
    assert said(**{"192.0.2.7": "999.0.2.7"}) == []
    assert list(proofs(b"\xff\xfe nonsense\n\n")) == []


def test_a_session_id_forges_nobodys_address() -> None:
    forged = 'x",LocalAddress="IPV4/UDP/127.0.0.1/5060",RemoteAddress="IPV4/UDP/192.0.2.99/5060",Challenge="'
    assert said(session=forged) == [("192.0.2.7", "1001", False)]


def test_a_quoted_value_forges_nobodys_address() -> None:
    """In what SIP quotes, a quotation mark is behind a backslash."""
    forged = r"\",RemoteAddress=\"IPV4/UDP/192.0.2.99/5060\",Challenge=\""
    assert said(challenge=forged, response=forged) == [("192.0.2.7", "1001", False)]


STRANGER = IPv4Address("192.0.2.7")


def fail(made: Guesses, times: int, now: float, account: str = "1001") -> list[int]:
    """Fail so often at one moment; the failures (from 1) with which guessing began."""
    return [number + 1 for number in range(times) if made.note(Proof(STRANGER, account, passed=False), now)]


def test_many_failures_in_a_minute_are_somebody_who_guesses_and_told_once() -> None:
    made = Guesses()
    assert fail(made, MANY - 1, 0) == []
    assert made.guessed(0) == []
    assert fail(made, 10 * MANY, 0) == [1]
    assert fail(made, MANY, 5, "1002") == [MANY]
    assert made.guessed(5) == ["1001", "1002"]
    assert made.failures == 12 * MANY - 1


def test_it_is_over_after_a_minute_and_may_begin_anew() -> None:
    made = Guesses()
    fail(made, 100 * MANY, 0)
    assert made.guessed(WINDOW - 1) == ["1001"]
    assert made.guessed(WINDOW + 1) == []
    assert fail(made, 2 * MANY, 3 * WINDOW) == [MANY]


def test_a_phone_with_an_old_password_is_nobody_who_guesses() -> None:
    made = Guesses()
    for number in range(500):
        assert fail(made, 1, number * 4.0) == []


def test_right_passwords_are_no_failures() -> None:
    made = Guesses()
    for _ in range(2 * MANY):
        assert not made.note(Proof(STRANGER, "1001", passed=True), 0)
    assert (made.failures, made.guessed(0)) == (0, [])


def test_all_users_that_asterisk_does_not_have_count_as_one() -> None:
    made = Guesses()
    assert fail(made, MANY, 0, UNKNOWN) == [MANY]
