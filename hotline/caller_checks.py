"""Whether districts, and what is done by who calls, go together."""

from collections.abc import Iterator

from base.hints import did_you_mean, one_of, shown
from hotline.callers import Divided
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
