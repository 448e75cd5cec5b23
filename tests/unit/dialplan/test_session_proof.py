from pydantic import SecretStr

from dialplan.agi_session import proof, proven

SECRET = SecretStr("s3cret-of-agi")


def test_the_proof_is_what_asterisk_makes_of_id_and_secret() -> None:
    """As SHA1() of Asterisk has it; tests/integration compares it with a real one."""
    assert proof(SECRET, "wutong-1.2") == "47e0ecb4df310d64487c1d77662d9dc51861a83a"


def test_it_counts_for_one_channel_and_one_secret() -> None:
    shown = proof(SECRET, "wutong-1.2")
    assert proven(shown, SECRET, "wutong-1.2")
    assert not proven(shown, SECRET, "wutong-1.3")
    assert not proven(shown, SecretStr("another-s3cret"), "wutong-1.2")
    assert not proven("", SECRET, "wutong-1.2")
    assert not proven("密码", SECRET, "wutong-1.2")
