"""Every sentence with which HTTP refuses can be said in Chinese: those of pages, whatever package says them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.passwords import why_weak
from sentences.of_check import SENTENCES as OF_CHECK
from sentences.of_http import SENTENCES
from sounds.takes import WORDS
from tests.product import CHECKOUT, SOURCES
from tests.unit.sentences.test_of_libraries import written
from tests.unit.service.world import World
from web.languages import said_in

TERMINAL = ("leaving_root", "up", "standalone", "spoken", "readiness", "chinese")
"""Modules that speak to a terminal."""
TOLD_THERE = (
    *("accounts/", "acd/", "agents/", "calls/", "emergency/", "hotline/drawing/", "privacy/", "publishing/"),
    *("service/app/", "service/http/", "web/", "dialplan/browser_phones", "hotline/prompts_", "hotline/recording."),
    *("hotline/recordings_api", "hotline/walks", "service/cli/draft", "trees/walking", "sounds/keeping"),
)
TOLD = [
    file for file in SOURCES if file.stem not in TERMINAL and str(file.relative_to(CHECKOUT)).startswith(TOLD_THERE)
]

TELLING = {
    *("HTTPException", "Refusal", "_Refusal", "_unknown", "_refuse", "response", "refuse", "Refused", "NotDone"),
    *("NotKept", "Taken", "Weak", "Away", "NotProven", "NotAdmitted", "StoreUnavailable"),
    *("NotPossible", "NotPlaced", "NotHeard", "NotMoved", "NotTransferred", "NotDiallable", "NotArrived", "Refuse"),
    *("BadEnd", "WrongOrder", "NotOnDuty", "TooMany", "Crowded", "Unfit", "BadCaller", "BadMoment"),
    *("Damaged", "Unkeepable", "Behind", "NotOnTrial", "Uneditable", "ValueError"),
}
"""What a sentence is given to."""

NAMES = re.compile(r"sentence|why|possible|there|warnings|whose|WRONG|FOREIGN|HINT|BEGIN|AWAY|SENTENCE|NOT_FOUND")
"""What a sentence, or a part of one, is called."""

PART = re.compile(r"\{([a-z]+)\}")

RUNG = "only an agent who is ready or in wrap-up, with a free phone, can be rung"

HAN = re.compile("[\u4e00-\u9fff]")

HALF = re.compile(r"(?<![/-])\b[a-z]{3,} [a-z]{2,} [a-z]{2,}")
"""Three English words in a row; a command may have them."""

NO_SENTENCES = {
    "the engine raised, and half of its state may be changed",  # for the log
    "7: 7", "7 7",  # a name and what is said of it
    "7. 7", "7 The call 7.", "There is no such agent; 7 77.", "There is no such queue; 7 7.",
    "There is no filter 7; 77.",
    "Telephone 7 7.", "Agent 7 7; 7.",
    "Somebody else has published meanwhile.7 Look at what changed, then publish again.",
    "The provider did not sign you in7", "The provider did not sign you in7. 7",
    "Not allowed: to 7 is for these roles7: 7.",
    "A wrap-up lasts 7 minutes at most: 7.", "7 is no time: write 7", "77. GET /readyz tells more.",
    "known here: 7", "this takes no filters",
    "the agents of this hotline are", "those that you may see or change here are",
    "the queues of this hotline are", "those that you may see are", " and 7 more", RUNG,
    "only an agent who is ready or in wrap-up, with a free phone, can be rung",
    "the database cannot be asked: 7",  # told with a capital letter
    # for the log, the audit, a terminal, or a page that a program reads
    "this machine cannot play sound (7): walk without --play, or ./wutong call with --record FILE",
    "7 cannot be read: 7. Remove it: ./wutong prompts build", "--keys: 7, as in --keys 1,2", "--7: 7",
    "it is damaged", "the recording cannot be read: 7", "Asterisk's configuration: 7: 7",
}  # fmt: skip
"""Parts of sentences, which `WHOLE` has whole, and what nobody sees in the console."""

WHOLE = [
    "The phone of agent 1001 has a call, or rings; it can dial once it is free.",
    "Agents may dial 12319, 6001. Not 5.",
    "`hold` is not possible with this caller now; what is possible: nothing.",
    "There is no such agent; the agents of this hotline are 1001, 1002 and 3 more (GET /api/v1/agents).",
    "There is no such agent; those that you may see or change here are none.",
    "There is no such queue; the queues of this hotline are greening, water.",
    "There is no such queue; those that you may see are none.",
    "There is no filter 'quee'; known here: queue, state — did you mean 'queue'?.",
    "There is no filter 'x'; this takes no filters.",
    "There are 50 event streams, 1 of them of this account, and that is the most; close one, or ask again later.",
    "Telephone 1900 has another call; hang up there first.",
    "Telephone 1900 cannot be reached: switch it on, or open the desk in the browser.",
    f"Agent 1001 is not-ready; {RUNG}.",
    f"Agent 1001 is ready, but the phone is busy; {RUNG}.",
    f"Agent 1001 gets no offers for a moment, as the last ring failed; {RUNG}.",
    "This caller does not wait in a queue. The call is a conversation.",
    "This caller does not wait in a queue. The call is in the menus, or on its way to another place.",
    "Somebody else has published meanwhile. Version 7 of user:li is in use. Look at what changed, then publish again.",
    "The provider did not sign you in: access_denied. Begin again at /api/v1/session/openid.",
    "Not allowed: to see-audit is for these roles: administrator.",
    "Not allowed: to x is for these roles for the whole hotline, and this account is limited to a part of it: y.",
    "A wrap-up lasts 10 minutes at most: 20 more seconds are possible at most.",
    "A wrap-up lasts 10 minutes at most: no more is possible.",
    "'x' is no time: write 2026-10-01 09:00, or 09:00 for today",
    "The database cannot be asked: TimeoutError. GET /readyz tells more.",
    "'1.2.3h' is not a duration: write a number and s, m, h or d, such as 30s, 5m or 1h.",
    "There is no queue greening in the hotline that is in use.",
    "There is no sub-hotline gas in the hotline that is in use.",
    "Nothing was changed. Mend this first: recordings.yaml:3:1: is not YAML: expected a mapping",
    "There is no recording 5d41402abc4b2a76b9719d911017c592 (any more): record it again.",
]

SEEN_BY_NOBODY = {
    ("service/app", "ValueError"), ("acd", "ValueError"), ("calls", "ValueError"), ("privacy", "ValueError"),
    ("emergency", "ValueError"), ("settings/openid.py", "ValueError"), ("publishing", "ValueError"),
    ("accounts/openid/provider.py", "ValueError"), ("hotline", "ValueError"),
}  # fmt: skip


def sentences(source: Path) -> Iterator[str]:
    """What a module tells, each of the parts that differ replaced by 7."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for part in told_in(tree, str(source.relative_to(CHECKOUT))):
        pieces = {id(piece) for node in ast.walk(part) if isinstance(node, ast.JoinedStr) for piece in node.values}
        for node in ast.walk(part):
            if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in pieces:
                text = written(node).removesuffix(". 7")
                if " " in text.strip() and re.search(r"[a-z]{2}", text) and not HAN.search(text):
                    yield text


def told_in(tree: ast.AST, where: str) -> Iterator[ast.AST]:
    """The arguments of what tells a sentence, and what is called one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func).rpartition(".")[2]) in TELLING:
            if not any(where.startswith(part) and name == told for part, told in SEEN_BY_NOBODY):
                yield from node.args
        elif isinstance(node, ast.Assign) and NAMES.fullmatch(ast.unparse(node.targets[0])):
            yield node.value


def test_every_sentence_has_its_chinese() -> None:
    found = (sentence for source in TOLD for sentence in sentences(source))
    said = {sentence: said_in("zh", sentence) for sentence in found if sentence not in NO_SENTENCES}
    assert [sentence for sentence, chinese in said.items() if not HAN.search(chinese)] == []
    assert [chinese for chinese in said.values() if HALF.search(chinese)] == [], "half of it"
    lost = [sentence for sentence, chinese in said.items() if "7" in sentence and "7" not in chinese]
    assert lost == [], "their parts are lost"


def test_the_sentences_are_found() -> None:
    assert sum(len(list(sentences(source))) for source in TOLD) > 150


@pytest.mark.parametrize("sentence", [*WHOLE, *WORDS.values()])
def test_what_is_put_together_has_its_chinese(sentence: str) -> None:
    chinese = said_in("zh", sentence)
    assert HAN.search(chinese)
    assert not HALF.search(chinese)


@pytest.mark.parametrize("password", ["short", "a\nbcdefghijklm", "aaaaaaaaaaaaaaaa", "1234567890123456"])
def test_why_a_password_is_weak(password: str) -> None:
    assert HAN.search(said_in("zh", why_weak(password, "li") or ""))


def test_both_languages_have_the_same_parts() -> None:
    parts = {pair: tuple(set(PART.findall(sentence)) for sentence in pair) for pair in SENTENCES}
    of_pydantic = {"kind", "given"}  # the Chinese may leave them out
    assert [pair for pair, (english, chinese) in parts.items() if not english - of_pydantic <= chinese <= english] == []
    assert [chinese for _, chinese in SENTENCES if not HAN.search(chinese) and not PART.search(chinese)] == []
    assert [english for english, _ in SENTENCES if english.endswith(".")] == []


def test_no_sentence_is_there_twice() -> None:
    english = [PART.sub("{}", sentence) for sentence, _ in SENTENCES]
    assert [sentence for sentence in english if english.count(sentence) > 1] == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("There is no agent 1009.", "没有坐席 1009。"),
        (
            "This caller talks with agent 1001. The call is a conversation.",
            "这位市民正与坐席 1001 通话。来电在通话中。",
        ),
        ("Something else. There is no agent 1.", "Something else. 没有坐席 1。"),
        (
            "The message was not switched on: sox took longer than 60 seconds.",
            "公告没有开启：sox 超过 60 秒。",
        ),
        ("a sentence that nobody has written", "a sentence that nobody has written"),
        ("热线有 1 个错误，没有启用。", "热线有 1 个错误，没有启用。"),
        ("There is no agent " + "1" * 3_000, "There is no agent " + "1" * 3_000),
        ("There is no agent {agent} {0}.", "没有坐席 {agent} {0}。"),
    ],
)
def test_a_sentence_in_chinese(english: str, chinese: str) -> None:
    assert said_in("zh", english) == chinese
    assert said_in("en", english) == english


@pytest.mark.parametrize("words", [": " * 900, "There is no agent " * 100, "queue " * 300, "Not " * 400, "'" * 1_900])
def test_words_that_look_like_sentences_in_sentences_end_nothing(words: str) -> None:
    assert said_in("zh", f"The message was not switched on: {words}x.").startswith("公告没有开启：")


async def test_a_refusal_is_told_in_the_language_of_the_request() -> None:
    world = World()
    chinese = {"Accept-Language": "zh-CN,en;q=0.5"}
    async with world.client() as client:
        english = await client.get("/api/v1/agents/9999")
        refused = await client.get("/api/v1/agents/9999", headers=chinese)
        invalid = await client.put("/api/v1/emergency", json={"until": "soon", "mood": 1}, headers=chinese)
        nowhere = await client.get("/api/v1/nothing", headers=chinese)
        stranger = await client.get("/api/v1/agents", headers={**chinese, "Authorization": "Bearer x"})
    assert english.json()["detail"].startswith("There is no such agent; the agents")
    assert refused.json()["detail"].startswith("没有这位坐席；这条热线的坐席有")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert invalid.json()["detail"].startswith("请求不对：body.")
    assert all(HAN.search(mistake["message"]) for mistake in invalid.json()["errors"])
    assert nowhere.json()["detail"] == "这里什么也没有；GET /openapi.json 说明有什么。"
    assert stranger.json()["detail"] == "令牌无效。本机令牌用 `./wutong status --json` 查看。"


def test_no_line_is_in_the_way_of_one_of_check() -> None:
    """Both catalogues are one."""
    parts = {PART.sub("{}", sentence) for sentence, _ in SENTENCES} & {PART.sub("{}", line) for line, _ in OF_CHECK}
    assert parts <= {"menu", "queue", "none", "nothing"}
