"""Whether districts, and what is done by who calls, go together."""

import re
from collections.abc import Iterator

from agents.states import CODES, RECORDING_CODE
from agents.states import EMERGENCY_CODE as EMERGENCY
from base.hints import did_you_mean, one_of, shown
from hotline.callers import Divided
from hotline.calls_out import goes_abroad
from hotline.document import Path
from hotline.draft import Draft
from hotline.graph import divided
from hotline.problem import Problem, Spot, error, warning
from ivr.model import OTHER, ChooseDistrict, NodeId, ToMenu, ToQueue, ToSubHotline
from sentences.sentence import Sentence

MOST, LONGEST_NAME = 200, 80


def districts(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the districts, and with what queues and sub-hotlines have for them."""
    hotline = draft.hotline
    if len(hotline.districts) > MOST:
        message = Sentence("{count:,} districts", count=len(hotline.districts))
        yield error(
            "too-many", draft.spot(("districts",), key=True), message, Sentence("use {count} at most", count=MOST)
        )
    if OTHER in hotline.districts:
        spot = draft.spot(("districts", OTHER), key=True)
        yield error(
            "bad-name",
            spot,
            Sentence("{name!r} means all other districts", name=OTHER),
            Sentence("give it another name"),
        )
    yield from _who(draft)
    for node, item in divided(hotline):
        yield from _variants(draft, node, item)
    for way in draft.ways:
        to = way.destination
        if isinstance(to, ToQueue | ToSubHotline | ChooseDistrict) and to.district is not None and to.district != OTHER:
            yield from _named(draft, to.district, (*way.path, "district"))
        if isinstance(to, ChooseDistrict) and to.then is None and (way.source or ("",))[0] != "menus":
            spot = draft.spot(way.path)
            yield error(
                "repeat-outside-menu",
                spot,
                Sentence("no menu has asked for a district here"),
                Sentence("say where to: `then: …`"),
            )
    if hotline.districts and not divided(hotline) and not draft.cut:
        message = Sentence("no queue and no sub-hotline has anything of its own for a district")
        yield warning(
            "unused-districts", draft.spot(("districts",), key=True), message, Sentence("give one `districts: {{…}}`")
        )


def _who(draft: Draft) -> Iterator[Problem]:
    """Whom each district has."""
    taken: dict[str, str] = {}
    for name, district in draft.hotline.districts.items():
        for index, pattern in enumerate(district.numbers):
            if taken.setdefault(pattern, name) != name:
                spot = draft.spot(("districts", name, "numbers", index))
                message = Sentence(
                    "{number} belongs to the district {district!r} already",
                    number=shown(pattern),
                    district=taken[pattern],
                )
                yield error("duplicate-number", spot, message, Sentence("give each district other numbers"))
        for index, listed in enumerate(district.callers):
            if listed not in draft.names("callers"):
                known = draft.names("callers")
                hint = did_you_mean(
                    listed,
                    known,
                    Sentence(
                        "add it under `callers`, or use {names}", names=one_of(sorted(known)) or Sentence("another")
                    ),
                )
                spot = draft.spot(("districts", name, "callers", index))
                yield error("dangling", spot, Sentence("there is no list of callers {name}", name=shown(listed)), hint)
        for language, words in district.name.items():
            if len(words) > LONGEST_NAME:
                spot = draft.spot(("districts", name, "name", language))
                yield error(
                    "too-long",
                    spot,
                    Sentence("a name of {count} characters", count=len(words)),
                    Sentence("use {count} at most", count=LONGEST_NAME),
                )


def _variants(draft: Draft, node: NodeId, item: Divided) -> Iterator[Problem]:
    section, name = node
    items = getattr(draft.hotline, section)
    for district, variant in item.districts.items():
        path: Path = (section, name, "districts", district)
        yield from _named(draft, district, path, key=True)
        if variant == name or (variant in items and items[variant].districts):
            message = Sentence("{node} has districts of its own", node=shown(variant))
            yield error("endless", draft.spot(path), message, Sentence("name one that has none"))
    if item.ask is not None and not item.districts and draft.spot((section, name)) not in draft.cut:
        spot = draft.spot((section, name, "ask"), key=True)
        yield error(
            "bad-value",
            spot,
            Sentence("there are no `districts` to ask for"),
            Sentence("add `districts`, or take this out"),
        )


def _named(draft: Draft, district: str, path: Path, *, key: bool = False) -> Iterator[Problem]:
    known = draft.names("districts")
    if district not in known:
        hint = did_you_mean(
            district,
            known,
            Sentence("add it under `districts`, or use {names}", names=one_of(sorted(known)) or Sentence("another")),
        )
        spot: Spot = draft.spot(path, key=key)
        yield error("dangling", spot, Sentence("there is no district {name}", name=shown(district)), hint)


# What is done by who calls: lists without an effect, a language that callers cannot leave again.


def greeted(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the lists of callers."""
    hotline = draft.hotline
    placed = {name for district in hotline.districts.values() for name in district.callers}
    for name, callers in hotline.callers.items():
        if (
            callers.then is None
            and not callers.priority
            and name not in placed
            and draft.spot(("callers", name)) not in draft.cut
        ):
            spot = draft.spot(("callers", name), key=True)
            yield warning(
                "unused-list",
                spot,
                Sentence("nothing is done for these callers"),
                Sentence("give it `then` or `priority`"),
            )
    if hotline.remember_language is None or len(hotline.languages) < 2:
        return
    default = hotline.languages[0]
    destinations = [way.destination for way in draft.ways]
    chosen = {to.language for to in destinations if isinstance(to, ToMenu)}
    if default not in chosen and default not in draft.mentioned:
        message = Sentence("whoever chose another language once gets no way back to {language}", language=default)
        hint = Sentence("give a key {{language: {language}, menu: …}}", language=default)
        yield warning("no-way-back", draft.spot(("remember_language",), key=True), message, hint)


UNREACHED = ("undiallable", "no-trunk")
"""The codes of its problems."""

_DIALLABLE = re.compile(r"\+?[*#]*[0-9][0-9*#]*")


def dial(name: str) -> Path:
    """Where the file says what the sub-hotline `name` dials."""
    return "sub_hotlines", name, "dial"


def lines(draft: Draft, trunk: bool | None) -> Iterator[Problem]:
    """`trunk`: whether there is a line to the telephone network; None: not known. Numbers are not judged then, nor
    while it is not known who the agents are.
    """
    agents = {agent.id for agent in draft.agents or ()}
    known = draft.agents is not None and draft.agents_whole
    for name, line in draft.hotline.sub_hotlines.items():
        number, spot = line.dial, draft.spot(dial(name))
        if not _DIALLABLE.fullmatch(number):
            hint = Sentence("use an agent's id, or digits, with + at the beginning only")
            yield warning("undiallable", spot, Sentence("nobody has the number {number}", number=shown(number)), hint)
        elif known and trunk is False and number not in agents:
            message = Sentence(
                "{number} is not an agent's id, and there is no trunk to dial it: nobody would be reached",
                number=shown(number),
            )
            hint = did_you_mean(number, agents, Sentence("use an agent's id, or set a trunk as docs/trunk.md says"))
            yield warning("no-trunk", spot, message, hint)
    for number in draft.hotline.outside_numbers:
        spot = draft.spot(("outside_numbers", number), key=True)
        if not _DIALLABLE.fullmatch(number):
            hint = Sentence("use digits, with + at the beginning only")
            yield warning("undiallable", spot, Sentence("nobody has the number {number}", number=shown(number)), hint)
        elif trunk is False:
            message = Sentence("there is no trunk to dial {number}: agents cannot reach it", number=shown(number))
            yield warning("no-trunk", spot, message, Sentence("set a trunk as docs/trunk.md says"))


def calls_out(draft: Draft, trunk: bool | None) -> Iterator[Problem]:
    """Calls to citizens: the numbers that they see, and forms that allow more than was meant."""
    hotline = draft.hotline
    for queue_id, queue in hotline.queues.items():
        if queue.number is not None and queue.number not in hotline.numbers:
            message = Sentence("{number} is not a number of this hotline", number=shown(queue.number))
            hint = did_you_mean(queue.number, hotline.numbers, Sentence("use one of `numbers`"))
            yield error("unknown-number", draft.spot(("queues", queue_id, "number")), message, hint)
    if hotline.calls_out is None:
        return
    for index, form in enumerate(hotline.calls_out.allowed):
        if goes_abroad(form):
            spot = draft.spot(("calls_out", "allowed", index))
            message = Sentence("{form} allows calls abroad: such numbers begin with 00", form=shown(form))
            yield warning("calls-abroad", spot, message, Sentence("write the first digits as they are"))
    if trunk is False:
        spot = draft.spot(("calls_out",), key=True)
        message = Sentence("there is no trunk: agents cannot call citizens")
        yield warning("no-trunk", spot, message, Sentence("set a trunk as docs/trunk.md says"))


# Numbers that mean two things at once: dialled numbers, extensions, agents' ids and sub-hotlines share one plan.


def numbering(draft: Draft) -> Iterator[Problem]:
    """One problem for every number that was taken before. A sub-hotline may be an agent's phone: that is no clash."""
    hotline = draft.hotline
    taken: dict[str, str] = {
        code: Sentence("an agent's code ({state})", state=state) for code, (state, _) in CODES.items()
    }
    taken[RECORDING_CODE] = Sentence("the code that lets a recording pause")
    taken[EMERGENCY] = Sentence("the code for emergency messages")

    def take(path: Path, number: str, what: str) -> Iterator[Problem]:
        if number in taken:
            message = Sentence("{number} is {what} already", number=number, what=taken[number])
            yield error("duplicate-number", draft.spot(path), message, Sentence("give each its own number"))
        else:
            taken[number] = what

    for index, number in enumerate(hotline.numbers):
        yield from take(("numbers", index, "number"), number, Sentence("a number of the hotline"))
    for queue_id, queue in hotline.queues.items():
        if queue.extension is not None:
            yield from take(
                ("queues", queue_id, "extension"),
                queue.extension,
                Sentence("the extension of queue {name}", name=queue_id),
            )
    for line_id, line in hotline.sub_hotlines.items():
        if line.extension is not None:
            what = Sentence("the extension of sub-hotline {name}", name=line_id)
            yield from take(("sub_hotlines", line_id, "extension"), line.extension, what)
    for line_id, line in hotline.sub_hotlines.items():
        if line.dial in taken:
            message = Sentence("{number} is {what} already", number=line.dial, what=taken[line.dial])
            yield error(
                "duplicate-number",
                draft.spot(("sub_hotlines", line_id, "dial")),
                message,
                Sentence("dial the department's own number"),
            )
    lines: dict[str, int] = {}
    for index, agent in enumerate(draft.agents or ()):
        path = ("agents", index, "id")
        if agent.id in lines:
            message = Sentence("the agent {id} is given twice, first in line {line}", id=agent.id, line=lines[agent.id])
            yield error("duplicate-agent", draft.spot(path), message, Sentence("give each agent a different id"))
            continue
        lines[agent.id] = draft.spot(path).line
        yield from take(path, agent.id, Sentence("the id of an agent"))
    for number in hotline.outside_numbers:
        if number in taken:
            message, hint = (
                Sentence("{number} is {what} already", number=number, what=taken[number]),
                Sentence("agents can call it without this line"),
            )
            yield error("duplicate-number", draft.spot(("outside_numbers", number), key=True), message, hint)
