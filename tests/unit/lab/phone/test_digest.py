"""Digest answers, against the examples of RFC 2617."""

import pytest

from lab.phone.digest import Challenge, Credentials, UnsupportedChallenge

MUFASA = Credentials("Mufasa", "Circle Of Life")
QUESTION = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", '
    'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)


def test_example_of_section_3_5() -> None:
    challenge = Challenge.parse(QUESTION)
    answer = MUFASA.answer(challenge, "GET", "/dir/index.html", cnonce="0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in answer
    assert 'qop=auth, nc=00000001, cnonce="0a4f113b"' in answer
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in answer


def test_without_qop_it_is_rfc_2069() -> None:
    challenge = Challenge.parse('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"')
    answer = MUFASA.answer(challenge, "GET", "/dir/index.html", cnonce="unused")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in answer
    assert "cnonce" not in answer


def test_stale_and_unquoted_values() -> None:
    challenge = Challenge.parse("digest realm=asterisk,nonce=abc,algorithm=md5,stale=TRUE,qop=auth")
    assert challenge == Challenge("asterisk", "abc", None, qop=True, stale=True)


@pytest.mark.parametrize(
    "value",
    [
        'Basic realm="x"',
        'Digest realm="x", nonce="y", algorithm=SHA-256',
        'Digest realm="x", nonce="y", qop="auth-int"',
    ],
)
def test_other_kinds_are_refused(value: str) -> None:
    with pytest.raises(UnsupportedChallenge):
        Challenge.parse(value)
