"""The commands of docs/commands.md: each once, as somebody types it, on one hotline in a home of its own. ELSEWHERE are
those that another test types.
"""

from pathlib import Path

import pytest

from base.folders import CHECKOUT
from lab.ports import free_base
from tests.integration.command import typed
from tools.commands import commands

EXAMPLES = (
    ("./wutong init city --languages zh,en --yes", "./wutong check city"),
    ("./wutong schema hotline.yaml", '"$schema"'),
    ("./wutong check city", "0 errors"),
    ("./wutong up --detach", "./wutong down"),
    ("./wutong status", "takes calls"),
    ("./wutong doctor", "state folder"),
    ("./wutong call 12319 --keys 1,1 --seconds 3 --record call.wav", "Menu: greening"),
    ("./wutong walk --keys 1,1", "the queue greening"),
    ("./wutong try --only English", "✓"),
    ("./wutong diff 1 city", "12319 is no longer a number of the hotline"),
    ("./wutong replay city", "callers in the last 7 days"),
    ("./wutong picture --output tree.svg", "tree.svg"),
    ("./wutong card card.svg --language zh", "card.svg"),
    ("./wutong prompts list", "您好"),
    ("./wutong prompts build", "0 made"),
    ("./wutong prompts play 绿化 --to words.wav", "queues.greening.name"),
    ("./wutong prompts build --hotline small --state own", "made"),
    ("./wutong prompts check --hotline small --state own", "0 of 26 characters misunderstood"),
    ("./wutong prompts voices", "yunxi"),
    ("./wutong prompts install", "installed"),
    ("./wutong publish --yes", "version 1"),
    ("./wutong versions", "in use"),
    ("./wutong versions show 1", "token:local"),
    ("./wutong versions export 1 exported", "exported/hotline.yaml"),
    ("./wutong rollback 1 --yes", "version 1"),
    ("./wutong reload", "is in use, as before"),
    ("./wutong user add li --role supervisor --generate", "password: "),
    ("./wutong user list", "li  supervisor"),
    ("./wutong user password li --generate", "password: "),
    ("./wutong user role li --role administrator", "li: administrator"),
    ("./wutong user forget-code li --yes", "li"),
    ("./wutong token add kiosk --role supervisor", "It is shown only now"),
    ("./wutong token list", "kiosk  supervisor"),
    ("./wutong token revoke kiosk", "kiosk is revoked"),
    ("./wutong audit --since 7d", "token-revoked"),
    ("./wutong report queues", "Offered"),
    ("./wutong report queues --xlsx queues.xlsx", "queues.xlsx"),
    ("./wutong top --once", "Greening"),
    ("./wutong logs --since 1h --language en", "Calls are taken: hotline"),
    ("./wutong emergency", "no emergency message is on"),
    ("./wutong emergency on --say zh=停水 --until 2h", "停水"),
    ("./wutong emergency off", "no emergency message is on"),
    ("./wutong emergency pin give li", "li: dial *90"),
    ("./wutong emergency pin list", "li"),
    ("./wutong emergency pin remove li", "li"),
    ("./wutong user remove li --yes", "li is removed"),
    ("./wutong node list", "this is the only machine"),
    ("./wutong drain", "new calls are turned away"),
    ("./wutong drain --off", "new calls are taken"),
    ("./wutong purge --dry-run", "would remove"),
    ("./wutong export 02112345678", "0 calls"),
    ("./wutong forget 02112345678 --yes", "calls that had the number"),
    ("./wutong backup copy.db", "copy.db"),
    ("./wutong restart --wait 0", "restarted"),
    ("./wutong sbom --output bom.json", "packages"),
    ("./wutong down", "down"),
    ("./wutong restore copy.db", "restored"),
)
"""A line, and a word of what it prints. They are given in this order, and each ends with status 0."""

SMALL = """\
hotline: "12345"
name: {zh: 绿化热线}
numbers: ["12345"]
languages: [zh]
timezone: Asia/Shanghai
greeting: {zh: 您好，这里是绿化热线。}
goodbye: {zh: 感谢来电，再见。}
entry: main
menus:
  main: {say: {zh: 树木请按一。}, keys: {"1": {queue: trees}}}
queues:
  trees: {name: {zh: 树木}, needs: {trees: 1}}
"""
"""A hotline of few words: a recogniser listens to each."""

ELSEWHERE = {
    "audit-dependencies": ("integration/test_commands.py", '"./wutong audit-dependencies"'),
    "bench": ("integration/test_bench.py", '"./wutong bench --quick --json"'),
    "chaos": ("integration/test_chaos.py", '"./wutong chaos --quick --json"'),
    "demo": ("integration/test_demo.py", '"-m", "lab", "demo"'),
    "fuzz": ("integration/test_fuzz.py", '"./wutong fuzz '),
    "node remove": ("integration/test_several_machines.py", 'run_in("node", "remove"'),
    "test": ("unit/test_ci_run.py", "./wutong test "),
    "selftest": ("voices/test_selftest.py", 'run("selftest")'),
    "serve": ("integration/test_systemd.py", '(WUTONG, "serve",'),
}
"""Commands that take minutes, ask the network or are for other supervisors → the test that types them, and how."""


def command_of(line: str) -> str:
    """What a line of the shell calls: `up`, `user add`, `emergency pin list`."""
    return max((name for name in commands() if f"{line} ".startswith(f"./wutong {name} ")), key=len)


def test_each_command_has_an_example() -> None:
    examples = {command_of(line) for line, _ in EXAMPLES}
    assert len(commands()) > 40
    assert set(commands()) == examples | ELSEWHERE.keys()
    assert not examples & ELSEWHERE.keys()
    for command, (file, words) in ELSEWHERE.items():
        assert words in (CHECKOUT / "tests" / file).read_text(encoding="utf-8"), command


@pytest.fixture
def home(apart: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a `./wutong`, outside the checkout. State and cache are those of the test's home."""
    (apart / "wutong").symlink_to(CHECKOUT / "wutong")
    (apart / "small").mkdir()
    (apart / "small/hotline.yaml").write_text(SMALL, encoding="utf-8")
    agents = 'agents: [{id: "1001", name: 李, languages: [zh], skills: {trees: 3}}]'
    (apart / "small/agents.yaml").write_text(agents, encoding="utf-8")
    monkeypatch.setenv("WUTONG_BASE_PORT", str(free_base()))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return apart


async def test_each_example_works(home: Path) -> None:
    try:
        for line, word in EXAMPLES:
            status, *printed = await typed(line, home)
            output = "".join(printed)
            assert status == 0, f"{line}\n{output}"
            assert word in output, f"{line}\n{output}"
        for made in (
            "city",
            "call.wav",
            "tree.svg",
            "card.svg",
            "words.wav",
            "exported",
            "copy.db",
            "bom.json",
            "queues.xlsx",
        ):
            assert (home / made).exists(), made
    finally:
        await typed("./wutong down --yes", home)


async def test_known_vulnerabilities_are_asked_for(home: Path) -> None:
    """An answer is no matter of this test: there may be no network, and tomorrow there may be a vulnerability."""
    status, output, complaints = await typed("./wutong audit-dependencies", home)
    assert status in {0, 1, 2}, complaints
    assert "packages" in output + complaints
