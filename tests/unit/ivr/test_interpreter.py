"""The walk through a menu tree: what each key, silence and message does, and that silence ends at a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.hours import OpeningHours
from ivr.interpreter import (
    BETWEEN,
    Ask,
    Dial,
    Enqueue,
    Facts,
    HangUp,
    Input,
    Misplaced,
    Play,
    Played,
    Pressed,
    Silence,
    State,
    Step,
    send,
    start,
    step,
)
from ivr.model import (
    Attempts,
    Beginning,
    ChooseDistrict,
    Destination,
    Gated,
    Menu,
    NodeId,
    Repeat,
    Say,
    Scope,
    ToMenu,
    ToQueue,
    ToScope,
    ToSubHotline,
    Tree,
    Variants,
)
from ivr.model import HangUp as ToHangUp
from ivr.model import Input as Wanted
from ivr.timetable import Timetable
from sounds.model import CLOSES, OPENS, Digits, Moment, Phrase, Words

FACTS = Facts(datetime(2025, 3, 3, 9, tzinfo=UTC), "13800000000", "12319")
GREETING = {"zh": "您好", "en": "Welcome"}
GOODBYE = {"zh": "再见", "en": "Goodbye"}
MAIN = {"zh": "绿化请按1", "en": "For greening press 1"}
WATER = {"*": "…"}
SCOPE = {"zh": "小区里的树木由物业负责", "en": "Trees in a compound belong to its property manager"}
QUEUE = ToQueue(queue="general")


def menu(say: Mapping[str, str], keys: Mapping[str, Destination], repeat: int = 1, then: Destination = QUEUE) -> Menu:
    attempts = Attempts(repeat=repeat, then=then)
    return Menu.model_validate({"say": say, "keys": keys, "wait": 4.0, "no_input": attempts, "invalid": attempts})


@dataclass(frozen=True)
class Menus:
    """A Tree."""

    greeting: Mapping[str, str]
    goodbye: Mapping[str, str]
    entry: Destination
    menus: Mapping[str, Menu]
    gates: Mapping[NodeId | None, Gated] = field(default_factory=dict)
    timetable: Timetable = field(default_factory=lambda: Timetable(UTC, {}, {}))

    def gate(self, node: NodeId | None) -> Gated | None:
        return self.gates.get(node)

    own: Mapping[str, Beginning] = field(default_factory=dict)
    """How calls to these numbers begin."""

    scopes: Mapping[str, Scope] = field(default_factory=dict)
    inputs: Mapping[str, Wanted] = field(default_factory=dict)
    divided: Mapping[NodeId, Variants] = field(default_factory=dict)

    def variants(self, node: NodeId) -> Variants | None:
        return self.divided.get(node)

    def beginning(self, number: str, known: Mapping[str, str]) -> Beginning:
        return self.own.get(number, Beginning(self.greeting, self.entry))


TREE = Menus(
    greeting=GREETING,
    goodbye=GOODBYE,
    entry=ToMenu(menu="main"),
    menus={
        "main": menu(
            MAIN,
            {
                "1": ToQueue(queue="greening"),
                "2": ToMenu(menu="water"),
                "3": ToSubHotline(sub_hotline="gas"),
                "4": Say(say=SCOPE, then=Say(say=WATER, then=ToQueue(queue="greening"))),
                "5": Say(say=SCOPE),
                "6": Say(say=SCOPE, then=Repeat(repeat=True)),
                "7": ToHangUp(hangup=True),
                "8": ToMenu(menu="main", language="en"),
                "*": Repeat(repeat=True),
            },
        ),
        "water": menu(WATER, {"#": ToMenu(menu="main")}, repeat=0, then=ToSubHotline(sub_hotline="gas")),
    },
)


def go(*inputs: Input, tree: Tree = TREE) -> Step:
    """The step after these inputs, from the beginning of a call."""
    now = start(tree, "zh", FACTS)
    for happened in inputs:
        now = step(tree, now.state, happened, FACTS)
    return now


def test_a_call_begins_with_the_greeting_and_the_entry_menu_in_one() -> None:
    begun = go()
    assert begun.action == Ask("main", (Words(GREETING), Words(MAIN)), 4.0)
    assert begun.state == State("zh", "main")
    assert begun.notes == (("menu-entered", {"menu": "main", "language": "zh"}),)


BACK = ToMenu(menu="main")
OWN = {"zh": "您好，这里是燃气热线", "en": "The gas hotline"}


def begun(to: Destination, greeting: Mapping[str, str] = OWN) -> tuple[Menus, Facts]:
    """A number that begins so, and a call to it."""
    return replace(TREE, own={"962777": Beginning(greeting, to)}), FACTS._replace(number="962777")


def test_a_number_with_an_entry_of_its_own_begins_there_with_its_own_greeting() -> None:
    tree, facts = begun(ToMenu(menu="water", language="en"))
    now = start(tree, "zh", facts)
    assert now.action == Ask("water", (Words(OWN), Words(WATER)), 4.0)
    assert now.state == State("en", "water")
    assert [name for name, _ in now.notes] == ["language-chosen", "menu-entered"]
    assert start(tree, "zh", FACTS) == go(), "another number begins as before"


@pytest.mark.parametrize(
    ("to", "action"),
    [
        (QUEUE, Enqueue("general")),
        (ToSubHotline(sub_hotline="gas"), Dial("gas")),
        (ToHangUp(hangup=True), HangUp((Words(GOODBYE),))),
    ],
)
def test_a_number_without_a_menu_tells_the_greeting_first(to: Destination, action: object) -> None:
    tree, facts = begun(to)
    now = start(tree, "zh", facts)
    assert now.action == Play((Words(OWN),))
    assert step(tree, now.state, Played(), facts).action == action


def test_the_greeting_and_a_message_are_told_in_one() -> None:
    tree, facts = begun(Say(say=SCOPE, then=QUEUE))
    now = start(tree, "zh", facts)
    assert now.action == Play((Words(OWN), Words(SCOPE)))
    assert step(tree, now.state, Played(), facts).action == Enqueue("general")


OFFER = {"zh": "转接请按1", "en": "Press 1"}
COMPOUND = Scope(say=SCOPE, number="62521234", transfer=QUEUE, offer=OFFER, then=BACK)
PLAIN = Scope(say=SCOPE)
POLICE = Scope(say=SCOPE, transfer=ToSubHotline(sub_hotline="gas"), offer=OFFER, key="9", wait=7)
NUMBER = Digits("62521234")


def scoped(scope: Scope, *inputs: Input) -> Step:
    """After these inputs, of a caller who was led to this scope."""
    tree = replace(TREE, scopes={"trees": scope})
    now = send(tree, State("zh"), ToScope(scope="trees"), FACTS)
    for happened in inputs:
        now = step(tree, now.state, happened, FACTS)
    return now


@pytest.mark.parametrize(
    ("scope", "inputs", "action"),
    [
        (COMPOUND, (), Ask("", (Words(SCOPE), NUMBER), BETWEEN)),
        (COMPOUND, (Silence(),), Ask("", (NUMBER, Words(OFFER)), 5.0)),
        (COMPOUND, (Pressed("1"),), Enqueue("general")),
        (COMPOUND, (Silence(), Pressed("1")), Enqueue("general")),
        (COMPOUND, (Silence(), Silence()), Ask("main", (Words(MAIN),), 4.0)),
        (COMPOUND, (Silence(), Pressed("5")), Ask("main", (Words(MAIN),), 4.0)),
        (PLAIN, (), Ask("", (Words(SCOPE),), 5.0)),
        (PLAIN, (Silence(),), HangUp((Words(GOODBYE),))),
        (PLAIN, (Pressed("1"),), HangUp((Words(GOODBYE),))),
        (POLICE, (), Ask("", (Words(SCOPE), Words(OFFER)), 7.0)),
        (POLICE, (Pressed("9"),), Dial("gas")),
        (POLICE, (Pressed("1"),), HangUp((Words(GOODBYE),))),
    ],
)
def test_a_scope_says_whose_business_it_is_and_offers_the_way(
    scope: Scope, inputs: tuple[Input, ...], action: object
) -> None:
    assert scoped(scope, *inputs).action == action


def test_a_scope_is_counted_once_and_its_key_is_told() -> None:
    assert scoped(COMPOUND).notes == (("scope-told", {"scope": "trees"}),)
    assert scoped(COMPOUND, Silence()).notes == ()
    taken = scoped(COMPOUND, Silence(), Pressed("1"))
    assert taken.notes == (("key-pressed", {"key": "1", "menu": "", "scope": "trees"}),)


def test_a_message_that_no_key_skips() -> None:
    told = send(TREE, State("zh"), Say(say=SCOPE, skip=False, then=QUEUE), FACTS)
    assert told.action == Play((Words(SCOPE),), keys=False)
    greeted = replace(TREE, own={"12319": Beginning(GREETING, Say(say=SCOPE, skip=False))})
    assert start(greeted, "zh", FACTS).action == Play((Words(GREETING), Words(SCOPE)), keys=False)


BUREAU, HERE = ToSubHotline(sub_hotline="bureau"), ChooseDistrict(district="hongkou")
TREES = ToQueue(queue="trees")
CITY = Menus(
    greeting=GREETING,
    goodbye=GOODBYE,
    entry=ToMenu(menu="main"),
    menus={
        "main": menu(MAIN, {"1": BUREAU, "2": TREES, "3": ToSubHotline(sub_hotline="bureau", district="hongkou")}),
        "where": menu(
            WATER,
            {"1": HERE, "2": ToMenu(menu="more"), "3": ChooseDistrict(district="hongkou", then=QUEUE), "#": BACK},
            then=ChooseDistrict(district="other"),
        ),
        "more": menu(WATER, {"1": ChooseDistrict(district="pudong")}, then=BUREAU),
        "alone": menu(WATER, {"1": HERE}),
    },
    divided={
        ("sub_hotlines", "bureau"): Variants({"hongkou": "hk-bureau", "pudong": "pd-bureau"}, "where"),
        ("queues", "trees"): Variants({"hongkou": "hk-trees"}, None),
    },
)
AT_HOME = FACTS._replace(known={"district": "hongkou"})
LEARNED_HERE, LEARNED_OTHER = (("learned", {"name": "district", "value": name}) for name in ("hongkou", "other"))


def walk(*keys: str, facts: Facts = FACTS, tree: Menus = CITY) -> Step:
    """The step after these keys; "" is a silence."""
    now = start(tree, "zh", facts)
    for key in keys:
        now = step(tree, now.state, Pressed(key) if key else Silence(), facts)
    return now


@pytest.mark.parametrize(
    ("keys", "known", "action"),
    [
        ("1", "hongkou", Dial("hk-bureau")),
        ("1", "jingan", Dial("bureau")),
        ("1", "other", Dial("bureau")),
        ("3", "pudong", Dial("hk-bureau")),
        ("2", "hongkou", Enqueue("hk-trees")),
        ("2", "", Enqueue("trees")),
        ("1", "", Ask("where", (Words(WATER),), 4.0)),
        ("11", "", Dial("hk-bureau")),
        ("121", "", Dial("pd-bureau")),
        ("13", "", Enqueue("general")),
    ],
)
def test_a_caller_reaches_what_is_there_for_the_district(keys: str, known: str, action: object) -> None:
    facts = FACTS._replace(known={"district": known} if known else {})
    assert walk(*keys, facts=facts).action == action


def test_a_chosen_district_is_told_and_counts_at_once() -> None:
    assert walk("1", "1").notes == (("key-pressed", {"key": "1", "menu": "where"}), LEARNED_HERE)
    assert walk("1", facts=AT_HOME).notes == (("key-pressed", {"key": "1", "menu": "main"}),)


def test_a_caller_who_does_not_say_gets_the_node_itself_and_is_asked_no_more() -> None:
    for keys in (("1", "", ""), ("1", "2", "", "")):
        now = walk(*keys)
        assert now.action == Dial("bureau")
        assert now.notes[-1] == LEARNED_OTHER


def test_a_caller_who_went_back_is_asked_again() -> None:
    assert walk("1", "#", "1").action == Ask("where", (Words(WATER),), 4.0)


def test_a_district_that_nothing_asked_for_leads_to_the_entry() -> None:
    tree = replace(CITY, own={"12319": Beginning(GREETING, ToMenu(menu="alone"))})
    now = walk("1", tree=tree)
    assert [name for name, _ in now.notes] == ["key-pressed", "learned", "menu-entered"]
    assert now.state == State("zh", "alone")


def test_a_message_before_the_choice_keeps_what_asked() -> None:
    menus = {**CITY.menus, "where": menu(WATER, {"1": Say(say=SCOPE, then=HERE)})}
    tree = replace(CITY, menus=menus)
    told = walk("1", "1", tree=tree)
    assert step(tree, told.state, Played(), FACTS).action == Dial("hk-bureau")


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("1", Enqueue("greening")),
        ("2", Ask("water", (Words(WATER),), 4.0)),
        ("3", Dial("gas")),
        ("4", Play((Words(SCOPE),))),
        ("7", HangUp((Words(GOODBYE),))),
        ("8", Ask("main", (Words(MAIN),), 4.0)),
        ("*", Ask("main", (Words(MAIN),), 4.0)),
    ],
)
def test_a_key_goes_where_it_says(key: str, action: object) -> None:
    gone = go(Pressed(key))
    assert gone.action == action
    assert gone.notes[0] == ("key-pressed", {"key": key, "menu": "main"})


def test_leaving_the_tree_leaves_the_menu_and_keeps_the_language() -> None:
    assert go(Pressed("8"), Pressed("1")).state == State("en")


def test_a_sub_menu_is_noted() -> None:
    assert go(Pressed("2")).notes == (
        ("key-pressed", {"key": "2", "menu": "main"}),
        ("menu-entered", {"menu": "water", "language": "zh"}),
    )


def test_a_language_is_chosen_with_its_menu() -> None:
    chosen = go(Pressed("8"))
    assert chosen.state.language == "en"
    assert [name for name, _ in chosen.notes] == ["key-pressed", "language-chosen", "menu-entered"]
    assert chosen.notes[1:] == (
        ("language-chosen", {"language": "en"}),
        ("menu-entered", {"menu": "main", "language": "en"}),
    )


def test_silence_repeats_the_menu_and_then_goes_on() -> None:
    once = go(Silence())
    assert once.action == Ask("main", (Phrase("no-input"), Words(MAIN)), 4.0)
    assert once.notes == (("no-input", {"menu": "main", "count": 1}),)
    twice = go(Silence(), Silence())
    assert twice.action == Enqueue("general")
    assert twice.notes == (("no-input", {"menu": "main", "count": 2}),)


def test_a_wrong_key_repeats_the_menu_and_then_goes_on() -> None:
    once = go(Pressed("9"))
    assert once.action == Ask("main", (Phrase("invalid-key"), Words(MAIN)), 4.0)
    assert once.notes == (("invalid-key", {"menu": "main", "key": "9", "count": 1}),)
    assert go(Pressed("9"), Pressed("#")).action == Enqueue("general")


def test_what_is_no_key_of_a_phone_is_a_wrong_key() -> None:
    assert go(Pressed("A")).notes == (("invalid-key", {"menu": "main", "key": "A", "count": 1}),)


def test_silences_and_wrong_keys_are_counted_apart() -> None:
    assert go(Silence(), Pressed("9")).state == State("zh", "main", silent=1, wrong=1)


def test_no_repeats_at_all_go_on_at_once() -> None:
    assert go(Pressed("2"), Silence()).action == Dial("gas")


def test_repeating_by_key_keeps_the_counts() -> None:
    assert go(Silence(), Pressed("*")).state.silent == 1
    assert go(Silence(), Pressed("*"), Silence()).action == Enqueue("general")


def test_another_visit_of_a_menu_counts_anew() -> None:
    assert go(Silence(), Pressed("2"), Pressed("#")).state == State("zh", "main")


def test_messages_follow_one_another_and_then_the_call_goes_on() -> None:
    first = go(Pressed("4"))
    second = step(TREE, first.state, Played(), FACTS)
    assert second.action == Play((Words(WATER),))
    assert step(TREE, second.state, Played(), FACTS).action == Enqueue("greening")


def test_a_message_with_nothing_after_it_ends_with_goodbye() -> None:
    assert go(Pressed("5"), Played()).action == HangUp((Words(GOODBYE),))


def test_a_message_can_lead_back_to_its_menu_which_keeps_its_counts() -> None:
    back = go(Silence(), Pressed("6"), Played())
    assert back.action == Ask("main", (Words(MAIN),), 4.0)
    assert back.state == State("zh", "main", silent=1)


def test_a_call_comes_back_from_outside_in_its_language() -> None:
    outside = go(Pressed("8"), Pressed("3")).state
    assert send(TREE, outside, ToMenu(menu="water"), FACTS).state == State("en", "water")
    assert send(TREE, outside, ToQueue(queue="general"), FACTS).action == Enqueue("general")
    told = send(TREE, outside, Say(say=SCOPE, then=ToMenu(menu="main")), FACTS)
    assert step(TREE, told.state, Played(), FACTS).action == Ask("main", (Words(MAIN),), 4.0)


@pytest.mark.parametrize(
    ("state", "happened"),
    [
        (State("zh"), Pressed("1")),
        (State("zh"), Silence()),
        (State("zh", "main"), Played()),
        (State("zh", "main", pending=QUEUE), Pressed("1")),
        (State("zh", "main", pending=QUEUE), Silence()),
    ],
)
def test_an_input_that_the_call_does_not_wait_for_is_a_mistake_of_the_driver(state: State, happened: Input) -> None:
    with pytest.raises(Misplaced):
        step(TREE, state, happened, FACTS)


def test_repeat_outside_of_a_menu_is_a_mistake() -> None:
    with pytest.raises(Misplaced):
        send(TREE, State("zh"), Repeat(repeat=True), FACTS)


# --- whatever the caller does ----------------------------------------------------------------------------------------

MENUS = ("a", "b", "c", "d", "e")
KEYS = "0123456789*#"


@st.composite
def trees(draw: st.DrawFn) -> Menus:
    """Trees as `hotline.check` lets through: silence and wrong keys lead on to persons, messages, or later menus."""

    def destinations(menus: tuple[str, ...], repeat: bool) -> st.SearchStrategy[Destination]:
        plain: list[st.SearchStrategy[Destination]] = [
            st.just(QUEUE),
            st.just(ToSubHotline(sub_hotline="gas")),
            st.just(ToHangUp(hangup=True)),
        ]
        if menus:
            plain.append(st.builds(ToMenu, menu=st.sampled_from(menus), language=st.sampled_from((None, "zh", "en"))))
        if repeat:
            plain.append(st.just(Repeat(repeat=True)))
        return st.recursive(
            st.one_of(plain), lambda after: st.builds(Say, say=st.just(SCOPE), then=after | st.none()), max_leaves=3
        )

    def attempts(index: int) -> Attempts:
        return Attempts(repeat=draw(st.integers(0, 5)), then=draw(destinations(MENUS[index + 1 :], repeat=False)))

    menus = {
        name: Menu(
            say=MAIN,
            keys=draw(st.dictionaries(st.sampled_from(KEYS), destinations(MENUS, repeat=True), max_size=6)),
            no_input=attempts(index),
            invalid=attempts(index),
        )
        for index, name in enumerate(MENUS)
    }
    entry = draw(st.sampled_from(MENUS))
    return Menus(greeting=GREETING, goodbye=GOODBYE, entry=ToMenu(menu=entry), menus=menus)


def follow(tree: Tree, now: Step, wanted: Input) -> Step:
    """One more step with what is wanted, or with the end of a message when one is being told."""
    return step(tree, now.state, Played() if isinstance(now.action, Play) else wanted, FACTS)


@settings(max_examples=40)
@given(trees(), st.lists(st.sampled_from(KEYS) | st.none(), max_size=30), st.data())
def test_from_anywhere_silences_and_wrong_keys_end_at_somebody_or_goodbye(
    tree: Tree, inputs: list[str | None], data: st.DataObject
) -> None:
    now = start(tree, "zh", FACTS)
    for key in inputs:
        if not isinstance(now.action, Ask | Play):
            break
        now = follow(tree, now, Pressed(key) if key else Silence())
    for _ in range(len(MENUS) * (5 + 5 + 2) + 20):  # 5 repeats for silence, 5 for wrong keys, in each menu; messages
        if not isinstance(now.action, Ask | Play):
            break
        wrong = [key for key in (*KEYS, "A") if now.state.menu and key not in tree.menus[now.state.menu].keys]
        useless: list[Input] = [Silence(), *map(Pressed, wrong)]
        now = follow(tree, now, data.draw(st.sampled_from(useless)))
    assert isinstance(now.action, Enqueue | Dial | HangUp)


@settings(max_examples=40)
@given(trees(), st.lists(st.sampled_from(KEYS) | st.none(), max_size=30))
def test_the_language_changes_by_choice_only(tree: Tree, inputs: list[str | None]) -> None:
    now = start(tree, "zh", FACTS)
    for key in inputs:
        if not isinstance(now.action, Ask | Play):
            break
        before = now.state.language
        now = follow(tree, now, Pressed(key) if key else Silence())
        chosen = [data["language"] for name, data in now.notes if name == "language-chosen"]
        assert now.state.language == (chosen[-1] if chosen else before)


# --- closed ----------------------------------------------------------------------------------------------------------

SHUT = "shut"
LATE = Say(say={"*": "We are closed"})


def gated(then: Destination) -> Gated:
    """What is closed at the moment of FACTS, a Monday at nine."""
    return Gated(hours=SHUT, closed=then)


def tree_with(gates: Mapping[NodeId | None, Gated] | None = None, **keys: Any) -> Menus:
    """The tree with hours that open at ten, at these nodes; and with other keys of the menu main."""
    hours = {SHUT: OpeningHours.model_validate({"week": {"mon": "10:00-12:00"}})}
    main = TREE.menus["main"]
    main = main.model_copy(update={"keys": {**main.keys, **{key.removeprefix("k"): to for key, to in keys.items()}}})
    menus = {**TREE.menus, "main": main}
    return replace(TREE, menus=menus, gates=gates or {}, timetable=Timetable(UTC, hours, {}))


def note_of(node: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
    return "closed", {"place": node, "hours": SHUT, "opens": "2025-03-03T10:00:00+00:00"}


def test_a_closed_queue_leads_elsewhere_and_is_noted() -> None:
    tree = tree_with({("queues", "greening"): gated(ToSubHotline(sub_hotline="gas"))})
    gone = go(Pressed("1"), tree=tree)
    assert gone.action == Dial("gas")
    assert gone.notes == (("key-pressed", {"key": "1", "menu": "main"}), note_of({"queue": "greening"}))


def test_it_is_entered_once_it_is_open() -> None:
    tree = tree_with({("queues", "greening"): gated(LATE)})
    ten = FACTS._replace(moment=FACTS.moment.replace(hour=10))
    assert send(tree, State("zh"), ToQueue(queue="greening"), ten).action == Enqueue("greening")


def test_a_closed_key_leads_elsewhere_though_its_queue_is_open() -> None:
    key = ToQueue(queue="greening", hours=SHUT, closed=LATE)
    gone = go(Pressed("1"), tree=tree_with(k1=key))
    assert gone.action == Play((Words(LATE.say),))
    assert gone.notes[1] == note_of({"queue": "greening"})
    assert go(Pressed("1"), Played(), tree=tree_with(k1=key)).action == HangUp((Words(GOODBYE),))


def test_a_closed_key_may_repeat_its_menu() -> None:
    key = ToQueue(queue="greening", hours=SHUT, closed=Say(say=SCOPE, then=Repeat(repeat=True)))
    assert go(Pressed("1"), Played(), tree=tree_with(k1=key)).action == Ask("main", (Words(MAIN),), 4.0)


AGAIN = Say(say={"zh": "{opens}开门", "en": "Open {opens}"})


def opens_at(step: Step) -> datetime | None:
    assert isinstance(step.action, Play)
    (words,) = step.action.speech
    assert isinstance(words, Words)
    assert words.moments.keys() == {OPENS}
    assert words.moments[OPENS].today == FACTS.moment.date()
    return words.moments[OPENS].at


def test_a_closed_node_says_when_it_opens_again() -> None:
    tree = tree_with({("queues", "greening"): gated(AGAIN)})
    assert opens_at(go(Pressed("1"), tree=tree)) == FACTS.moment.replace(hour=10, minute=0)
    whole = tree_with({None: gated(AGAIN)})
    assert opens_at(go(Played(), tree=whole)) == FACTS.moment.replace(hour=10, minute=0)
    behind = tree_with({("queues", "greening"): gated(Say(say=SCOPE, then=AGAIN))})
    assert opens_at(go(Pressed("1"), Played(), tree=behind)) == FACTS.moment.replace(hour=10, minute=0)


def test_a_message_that_no_hours_have_sent_has_no_moment_to_say() -> None:
    assert opens_at(go(Pressed("1"), tree=tree_with(k1=AGAIN))) is None


UNTIL = {"zh": "服务到{closes}", "en": "It closes {closes}"}
TEN, NOON = FACTS.moment.replace(hour=10), FACTS.moment.replace(hour=12)


def closes_at(step: Step) -> datetime | None:
    assert isinstance(step.action, Ask | Play)
    words = step.action.speech[-1]
    assert isinstance(words, Words)
    told = words.moments[CLOSES]
    assert told == Moment(told.at, FACTS.moment.date(), end=True)
    return told.at


def test_a_message_with_hours_says_when_they_close() -> None:
    tree = tree_with(k1=Say(say=UNTIL, hours=SHUT, closed=LATE, then=QUEUE))
    told = step(tree, go(tree=tree).state, Pressed("1"), FACTS._replace(moment=TEN))
    assert closes_at(told) == NOON
    assert go(Pressed("1"), tree=tree).action == Play((Words(LATE.say),))


def test_a_closed_node_may_say_from_when_until_when_it_opens() -> None:
    both = Say(say={"zh": "{opens}到{closes}", "en": "From {opens} until {closes}"})
    gone = go(Pressed("1"), tree=tree_with({("queues", "greening"): gated(both)}))
    assert closes_at(gone) == NOON
    assert isinstance(gone.action, Play)
    assert isinstance(gone.action.speech[0], Words)
    assert gone.action.speech[0].moments[OPENS].at == TEN


def test_a_menu_with_hours_says_when_it_closes_also_once_that_is_past() -> None:
    tree = tree_with({("menus", "water"): gated(LATE)})
    water = TREE.menus["water"].model_copy(update={"say": UNTIL, "hours": SHUT, "no_input": Attempts(then=QUEUE)})
    tree = replace(tree, menus={**tree.menus, "water": water})
    entered = send(tree, State("zh"), ToMenu(menu="water"), FACTS._replace(moment=NOON - timedelta(seconds=1)))
    assert closes_at(entered) == NOON
    assert closes_at(step(tree, entered.state, Silence(), FACTS._replace(moment=NOON))) == NOON


def test_a_text_without_hours_has_no_moment_to_say() -> None:
    assert closes_at(go(Pressed("1"), tree=tree_with(k1=Say(say=UNTIL)))) is None


def test_a_closed_menu_keeps_the_language_that_was_chosen_with_it() -> None:
    tree = tree_with({("menus", "water"): gated(LATE)}, k8=ToMenu(menu="water", language="en"))
    gone = go(Pressed("8"), tree=tree)
    assert (gone.action, gone.state.language) == (Play((Words(LATE.say),)), "en")
    assert [name for name, _ in gone.notes] == ["key-pressed", "language-chosen", "closed"]


def test_one_closed_node_may_lead_to_another() -> None:
    gates: dict[NodeId | None, Gated] = {
        ("queues", "greening"): gated(ToSubHotline(sub_hotline="gas")),
        ("sub_hotlines", "gas"): gated(QUEUE),
    }
    gone = go(Pressed("1"), tree=tree_with(gates))
    assert gone.action == Enqueue("general")
    assert gone.notes[1:] == (note_of({"queue": "greening"}), note_of({"sub_hotline": "gas"}))


@pytest.mark.parametrize(("node", "told"), [(None, {}), (("menus", "main"), {"menu": "main"})])
def test_a_closed_hotline_greets_and_goes_on(node: NodeId | None, told: Mapping[str, str]) -> None:
    tree = tree_with({node: gated(ToSubHotline(sub_hotline="gas"))})
    begun = go(tree=tree)
    assert begun.action == Play((Words(GREETING),))
    assert begun.notes == (note_of(told),)
    assert go(Played(), tree=tree).action == Dial("gas")


def test_a_closed_hotline_is_open_to_who_is_sent_to_its_menu() -> None:
    sent = send(tree_with({None: gated(LATE)}), State("zh"), ToMenu(menu="main"), FACTS)
    assert isinstance(sent.action, Ask)
