"""What counts where a key is left out: the smallest hotline, and each default."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.defaults import FILLED, GOODBYE, GREETING
from hotline.loader import Loaded
from hotline.model import Hotline
from ivr.interpreter import Ask, Enqueue, Facts, Pressed, Silence, start, step
from ivr.model import Destination, Say, ToMenu, ToQueue, ToSubHotline
from sounds.phrases import LANGUAGES
from sounds.shipped import shipped
from tests.unit.hotline.folders import loaded, replaced, small

SMALLEST = """\
hotline: "100"
name: City hotline
numbers: ["100"]
menus:
  main:
    say: To talk to a person, press 0.
    keys: {"0": {queue: general}}
queues:
  general:
    name: Our staff
    needs: {general: 1}
"""
AGENTS = 'agents: [{id: "1001", name: Ann, skills: {general: 1}}]\n'
KEYS = '    keys: {"0": {queue: general}}\n'
FACTS = Facts(datetime(2025, 3, 3, 9, 0, tzinfo=UTC), "13800000000", "100")


def made(folder: Path, *changes: tuple[str, str], text: str = SMALLEST) -> Hotline:
    found = loaded(folder, {"hotline.yaml": replaced(text, changes), "agents.yaml": AGENTS})
    assert found.hotline is not None, "\n".join(map(str, found.problems))
    return found.hotline


def test_the_smallest_hotline_has_twelve_lines(tmp_path: Path) -> None:
    assert len((SMALLEST + AGENTS).splitlines()) == 12
    hotline = made(tmp_path)
    assert hotline.languages == ("en",)
    assert hotline.greeting == {"en": "Hello, you have reached City hotline."}
    assert hotline.goodbye == {"en": "Thank you for calling. Goodbye."}
    assert hotline.entry == ToMenu(menu="main")
    for attempts in (hotline.menus["main"].no_input, hotline.menus["main"].invalid):
        assert (attempts.repeat, attempts.then) == (1, ToQueue(queue="general"))


def test_the_page_shows_the_smallest_hotline() -> None:
    page = (Path(__file__).parents[3] / "docs" / "hotline-yaml.md").read_text(encoding="utf-8")
    assert f"```yaml\n{SMALLEST}```\n\n```yaml\n{AGENTS}```\n" in page
    for language in LANGUAGES:
        assert f"`{GREETING[language].format(name='NAME')}`" in page
        assert f"`{GOODBYE[language]}`" in page


def test_a_call_walks_through_the_smallest_hotline(tmp_path: Path) -> None:
    hotline = made(tmp_path)
    began = start(hotline, "en", FACTS)
    assert isinstance(began.action, Ask)
    assert step(hotline, began.state, Pressed("0"), FACTS).action == Enqueue("general")
    for happened in (Silence(), Pressed("5")):
        again = step(hotline, began.state, happened, FACTS)
        assert isinstance(again.action, Ask)
        assert step(hotline, again.state, happened, FACTS).action == Enqueue("general")


def test_what_is_left_out_is_as_if_it_were_written(tmp_path: Path) -> None:
    """The same version: calls hear the same."""
    changes = [
        ("languages: [zh, en]\n", ""),
        ("timezone: Asia/Shanghai\n", ""),
        ("entry: main\n", ""),
        ("    wait: 5s\n    no_input: {repeat: 1, then: {queue: general}}\n", ""),
        ("    invalid: {repeat: 1, then: {queue: general}}\n", ""),
        ("    no_input: {then: {queue: general}}\n", ""),
        ("    invalid: {then: {queue: general}}\n", "    invalid: {repeat: 1}\n"),
    ]
    written, left_out = loaded(tmp_path, small()), loaded(tmp_path, small(*changes))
    assert left_out.problems == ()
    assert written.hotline is not None
    assert written.hotline == left_out.hotline


@pytest.mark.parametrize(
    ("name", "languages", "timezone", "greeting"),
    [
        ("{zh: 市民热线。, en: City hotline}", ("zh", "en"), "Asia/Shanghai", "您好，这里是市民热线。"),
        ("{en: City hotline, zh: 市民热线}", ("en", "zh"), "Asia/Shanghai", "Hello, you have reached City hotline."),
        ("12345市民热线", ("zh",), "Asia/Shanghai", "您好，这里是12345市民热线。"),
        ("City hotline", ("en",), "UTC", "Hello, you have reached City hotline."),
        ('{"*": 市民热线}', ("zh",), "Asia/Shanghai", "您好，这里是市民热线。"),
    ],
)
def test_languages_and_what_follows_from_them_come_from_the_name(
    tmp_path: Path, name: str, languages: tuple[str, ...], timezone: str, greeting: str
) -> None:
    hotline = made(tmp_path, ("name: City hotline", f"name: {name}"))
    assert (hotline.languages, hotline.timezone) == (languages, timezone)
    assert tuple(hotline.greeting) == tuple(hotline.goodbye) == languages
    assert hotline.greeting[languages[0]] == greeting


def test_a_name_in_one_language_greets_in_all(tmp_path: Path) -> None:
    hotline = made(tmp_path, ("name: City hotline", "name: {en: City hotline}\nlanguages: [zh, en]"))
    assert hotline.greeting == {"zh": "您好，这里是City hotline。", "en": "Hello, you have reached City hotline."}


def test_a_time_zone_that_nobody_chose_is_told(tmp_path: Path) -> None:
    def codes(*changes: tuple[str, str]) -> list[tuple[str, int]]:
        found = loaded(tmp_path, {"hotline.yaml": replaced(SMALLEST, changes), "agents.yaml": AGENTS})
        return [(problem.code, problem.line) for problem in found.problems]

    assert codes() == [("no-fallback", 1), ("no-timezone", 1)]
    assert codes(("numbers:", "timezone: UTC\nnumbers:")) == [("no-fallback", 1)]
    assert codes(("name: City hotline", "name: 热线")) == [("no-fallback", 1)]


def test_the_entry_is_main_else_the_first_menu(tmp_path: Path) -> None:
    text = SMALLEST.replace(
        KEYS,
        """\
    keys: {"0": {queue: general}, "1": {menu: other}}
  other:
    say: Other
    keys: {"0": {queue: general}, "1": {menu: main}}
""",
    )
    assert made(tmp_path, text=text).entry == ToMenu(menu="main")
    assert made(tmp_path, text=text.replace("main", "first")).entry == ToMenu(menu="first")
    turned = text.replace("main", "last").replace("other", "main").replace("last", "other")
    assert made(tmp_path, text=turned).entry == ToMenu(menu="main")


BELOW = "  below:\n    say: Below\n    keys: {KEYS}\n"
LINES = "sub_hotlines:\n  bureau: {name: Bureau, dial: '1001'}\n"


@pytest.mark.parametrize(
    ("keys", "below", "person"),
    [
        ('"1": {sub_hotline: bureau}, "0": {queue: general}', "", ToQueue(queue="general")),
        ('"1": {queue: general}, "0": {sub_hotline: bureau}', "", ToSubHotline(sub_hotline="bureau")),
        (
            '"0": {say: Hold, then: {queue: general}}',
            "",
            Say(say={"*": "Hold"}, then=ToQueue(queue="general")),
        ),
        ('"0": {menu: main}, "1": {sub_hotline: bureau}, "2": {queue: general}', "", ToQueue(queue="general")),
        ('"0": {say: Nobody is here}, "1": {sub_hotline: bureau}', "", ToSubHotline(sub_hotline="bureau")),
        ('"1": {menu: below}', '"1": {menu: main}, "2": {queue: general}', ToQueue(queue="general")),
        ('"1": {menu: below}', '"1": {sub_hotline: bureau}', ToSubHotline(sub_hotline="bureau")),
        ('"*": {repeat: true}', "", ToQueue(queue="general")),
    ],
)
def test_silence_and_wrong_keys_lead_to_a_person(tmp_path: Path, keys: str, below: str, person: Destination) -> None:
    text = SMALLEST.replace(KEYS, f"    keys: {{{keys}}}\n{BELOW.replace('KEYS', below) if below else ''}") + LINES
    menu = made(tmp_path, text=text).menus["main"]
    assert (menu.no_input.then, menu.invalid.then) == (person, person)


def test_where_there_is_no_person_check_says_so(tmp_path: Path) -> None:
    text = SMALLEST.partition("queues:")[0].replace("{queue: general}", "{say: News}")
    found = loaded(tmp_path, {"hotline.yaml": text, "agents.yaml": AGENTS})
    assert [problem.code for problem in found.problems if problem.level == "error"] == ["dead-end"]


def test_a_ring_of_menus_without_a_person_comes_to_an_end(tmp_path: Path) -> None:
    menus = "".join(f"  m{n}:\n    say: Go on\n    keys: {{'1': {{menu: m{(n + 1) % 60}}}}}\n" for n in range(60))
    text = SMALLEST.replace("  main:\n    say: To talk to a person, press 0.\n" + KEYS, menus)
    hotline = made(tmp_path, text=text)
    assert hotline.entry == ToMenu(menu="m0")
    assert hotline.menus["m0"].no_input.then == ToQueue(queue="general")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("name: City hotline", "name: [City]"), [("bad-value", 2)]),
        (("name: City hotline\n", ""), [("missing-key", 1)]),
        (("name: City hotline", "name: 🙂"), [("unspeakable", 2)]),
        (('{"0": {queue: general}}', '{"0": {queue: general}, "1": {queu: general}}'), [("unknown-key", 7)]),
        (("    say:", "    no_input: {repeat: 1, them: {queue: general}}\n    say:"), [("unknown-key", 6)]),
        (("    say:", "    no_input:\n    say:"), [("bad-value", 6)]),
        (("menus:", "entry: mian\nmenus:"), [("dangling", 4)]),
    ],
)
def test_no_default_adds_a_problem_to_a_mistake(
    tmp_path: Path, change: tuple[str, str], expected: list[tuple[str, int]]
) -> None:
    text = replaced(
        SMALLEST, (change, ("numbers:", "timezone: Asia/Shanghai\nfallback: {sub_hotline: bureau}\nnumbers:"))
    )
    shift = 2  # the two lines above
    found: Loaded = loaded(tmp_path, {"hotline.yaml": text + LINES, "agents.yaml": AGENTS})
    told = [(problem.code, problem.line) for problem in found.problems]
    assert told == [(code, line + shift if line > 2 else line) for code, line in expected], found.problems


def test_without_menus_that_is_told(tmp_path: Path) -> None:
    text = SMALLEST.partition("menus:")[0] + "queues:" + SMALLEST.partition("queues:")[2]
    found = loaded(tmp_path, {"hotline.yaml": text, "agents.yaml": AGENTS})
    (problem,) = [problem for problem in found.problems if problem.level == "error"]
    assert (problem.code, problem.hint) == ("dangling", "add it under `menus`")


def test_the_default_goodbye_ships_as_sound() -> None:
    assert set(GOODBYE) == set(GREETING) == set(LANGUAGES)
    for language in LANGUAGES:
        assert GOODBYE[language] in shipped(language)


def test_what_is_filled_in_is_a_key_that_the_model_needs() -> None:
    for model, keys in FILLED.items():
        for key in keys:
            assert model.model_fields[key].is_required(), key
