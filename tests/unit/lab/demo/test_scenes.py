from lab.demo.scenes import MESSAGE
from sounds.model import sayable
from sounds.shipped import shipped


def test_the_emergency_message_needs_no_voice() -> None:
    assert [language for language, words in MESSAGE.items() if sayable(words) not in shipped(language)] == []
