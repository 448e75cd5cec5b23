"""What is done by who calls: lists without an effect, a language that callers cannot leave again."""

from collections.abc import Iterator

from hotline.draft import Draft
from hotline.problem import Problem, warning
from ivr.model import ToMenu
from sentences.sentence import Sentence


def greeted(draft: Draft) -> Iterator[Problem]:
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
