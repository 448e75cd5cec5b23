"""The security log's lines, as Asterisk 22.10 writes them."""

from dialplan.security import UNKNOWN, proofs

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
