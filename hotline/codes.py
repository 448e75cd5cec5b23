"""Wrap-up codes: queues that name a list which is not there, lists that no queue names, lists that are too long."""

from collections.abc import Iterator, Mapping

from base.hints import did_you_mean, one_of, shown
from hotline.draft import Draft
from hotline.model import CODES
from hotline.problem import Problem, error, warning
from sentences.sentence import Sentence

MOST_LISTS, MOST_CODES, LONGEST_NAME = 100, 200, 80


def codes(draft: Draft) -> Iterator[Problem]:
    """Nothing of a list that could not be understood."""
    lists, queues = draft.hotline.wrap_up_codes, draft.hotline.queues
    if len(lists) > MOST_LISTS:
        spot = draft.spot((CODES,), key=True)
        yield error(
            "too-many",
            spot,
            Sentence("{count:,} lists of wrap-up codes", count=len(lists)),
            Sentence("use {count} at most", count=MOST_LISTS),
        )
    for list_id, names in lists.items():
        yield from _list(draft, list_id, len(names))
        for code, name in names.items():
            for language, words in name.items():
                if len(words) > LONGEST_NAME:
                    spot = draft.spot((CODES, list_id, code, language))
                    yield error(
                        "too-long",
                        spot,
                        Sentence("a name of {count} characters", count=len(words)),
                        Sentence("use {count} at most", count=LONGEST_NAME),
                    )
    for queue_id, queue in queues.items():
        named = None if queue.wrap_up_codes is None else queue.wrap_up_codes.list
        if named is not None and named not in draft.names(CODES):
            hint = did_you_mean(named, lists, _add(lists))
            spot = draft.spot(("queues", queue_id, "wrap_up_codes", "list"))
            yield error("dangling", spot, Sentence("there is no list of wrap-up codes {name}", name=shown(named)), hint)


def _list(draft: Draft, list_id: str, count: int) -> Iterator[Problem]:
    spot = draft.spot((CODES, list_id), key=True)
    if count > MOST_CODES:
        yield error(
            "too-many",
            spot,
            Sentence("{count:,} wrap-up codes", count=count),
            Sentence("use {count} at most, or several lists", count=MOST_CODES),
        )
    rules = (queue.wrap_up_codes for queue in draft.hotline.queues.values())
    used = any(rule is not None and rule.list == list_id for rule in rules)
    if not used and list_id not in draft.mentioned:
        hint = Sentence("add `wrap_up_codes: {{list: {list}}}` to a queue, or take the list out", list=list_id)
        yield warning("unused-codes", spot, Sentence("no queue uses these wrap-up codes"), hint)


def _add(lists: Mapping[str, object]) -> Sentence:
    if lists:
        names = one_of(sorted(lists))
        return Sentence("add it under `{section}`, or use {names}", section=CODES, names=names)
    return Sentence("add it under `{section}`", section=CODES)
