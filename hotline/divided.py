"""Whether districts, and what names them, go together."""

from collections.abc import Iterator

from base.hints import did_you_mean, one_of, shown
from hotline.districts import Divided
from hotline.document import Path
from hotline.draft import Draft
from hotline.graph import divided
from hotline.problem import Problem, Spot, error, warning
from ivr.model import OTHER, ChooseDistrict, NodeId, ToQueue, ToSubHotline
from sentences.sentence import Sentence

MOST, LONGEST_NAME = 200, 80


def districts(draft: Draft) -> Iterator[Problem]:
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
