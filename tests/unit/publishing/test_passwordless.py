"""agents.yaml without passwords: all else as it is written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.folders import SAMPLE_HOTLINE
from publishing.passwordless import Unkeepable, passwordless, passwords, texts, with_passwords


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ('- {id: "1002", name: a, password: correct-horse}\n', '- {id: "1002", name: a}\n'),
        ('- {id: "1002", password: correct-horse, name: a}\n', '- {id: "1002", name: a}\n'),
        ('- {password: correct-horse, id: "1002"}\n', '- {id: "1002"}\n'),
        ('- {id: "1", "password" : "correct-horse, a" , name: 绿}\n', '- {id: "1", name: 绿}\n'),
        ('- id: "1"\n  password: correct-horse  # was x\n- id: "2"\n', '- id: "1"\n- id: "2"\n'),
        ('- password: correct-horse  # was x\n  id: "1"\n', '- id: "1"\n'),
        ('- id: "1"\n  password: >-\n    correct-horse\n# tail\n- id: "2"\n', '- id: "1"\n# tail\n- id: "2"\n'),
        ('- id: "1"\n  password: correct-horse', '- id: "1"'),
        ('- {id: "1", password: &p correct-horse}\n- {id: "2", password: *p, name: b}\n', None),
        ("- &a {id: '1', password: correct-horse}\n- *a\n", "- &a {id: '1'}\n- *a\n"),
        ('- id: "1"\r\n  password: correct-horse\r\n  name: b\r\n', '- id: "1"\r\n  name: b\r\n'),
        ("# password: none here\n- {id: '1'}\n", "# password: none here\n- {id: '1'}\n"),
    ],
)
def test_the_password_is_taken_out(written: str, left: str | None) -> None:
    found = passwordless(written)
    assert "correct-horse" not in found
    assert left in (None, found)
    assert not passwords(found)


@pytest.mark.parametrize("text", ["- {password: correct-horse}\n", "- password: correct-horse\n", "a: [", "- 'x\n"])
def test_what_cannot_be_taken_out_is_refused_without_the_password(text: str) -> None:
    with pytest.raises(Unkeepable) as refused:
        passwordless(text)
    assert "correct-horse" not in str(refused.value)


def test_the_sample_stays_as_it_is() -> None:
    given = {name: Path(SAMPLE_HOTLINE, name).read_bytes() for name in ("hotline.yaml", "agents.yaml")}
    assert texts(given) == {name: data.decode() for name, data in given.items()}
    with pytest.raises(Unkeepable, match="UTF-8"):
        texts({"hotline.yaml": b"\xff", "agents.yaml": b""})


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


@given(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=5))
def test_passwords_come_back_to_their_agents(agents: list[tuple[str, bool]]) -> None:
    lines, given = "agents:\n", {}
    for number, (password, flow) in enumerate(agents):
        given[f"{1000 + number}"] = password
        lines += f'  - {{id: "{1000 + number}", name: a}}\n' if flow else f'  - id: "{1000 + number}"\n    name: a\n'
    filled = with_passwords(lines, given)
    assert passwords(filled) == given
    assert passwordless(filled) == lines
