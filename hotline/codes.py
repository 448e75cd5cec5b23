"""Wrap-up codes: queues that name a list which is not there, lists that no queue names, lists that are too long."""

from collections.abc import Iterator, Mapping

from base.hints import did_you_mean, one_of, shown
from hotline.draft import Draft
from hotline.model import CODES
from hotline.problem import Problem, error, warning

MOST_LISTS, MOST_CODES, LONGEST_NAME = 100, 200, 80


def codes(draft: Draft) -> Iterator[Problem]:
    """Nothing of a list that could not be understood."""
    lists, queues = draft.hotline.wrap_up_codes, draft.hotline.queues
    if len(lists) > MOST_LISTS:
        spot = draft.spot((CODES,), key=True)
        yield error("too-many", spot, f"{len(lists):,} lists of wrap-up codes", f"use {MOST_LISTS} at most")
    for list_id, names in lists.items():
        yield from _list(draft, list_id, len(names))
        for code, name in names.items():
            for language, words in name.items():
                if len(words) > LONGEST_NAME:
                    spot = draft.spot((CODES, list_id, code, language))
                    yield error("too-long", spot, f"a name of {len(words)} characters", f"use {LONGEST_NAME} at most")
    for queue_id, queue in queues.items():
        named = None if queue.wrap_up_codes is None else queue.wrap_up_codes.list
        if named is not None and named not in draft.names(CODES):
            hint = did_you_mean(named, lists, _add(lists))
            spot = draft.spot(("queues", queue_id, "wrap_up_codes", "list"))
            yield error("dangling", spot, f"there is no list of wrap-up codes {shown(named)}", hint)


def _list(draft: Draft, list_id: str, count: int) -> Iterator[Problem]:
    spot = draft.spot((CODES, list_id), key=True)
    if count > MOST_CODES:
        yield error("too-many", spot, f"{count:,} wrap-up codes", f"use {MOST_CODES} at most, or several lists")
    rules = (queue.wrap_up_codes for queue in draft.hotline.queues.values())
    used = any(rule is not None and rule.list == list_id for rule in rules)
    if not used and list_id not in draft.mentioned:
        hint = f"add `wrap_up_codes: {{list: {list_id}}}` to a queue, or take the list out"
        yield warning("unused-codes", spot, "no queue uses these wrap-up codes", hint)


def _add(lists: Mapping[str, object]) -> str:
    otherwise = f", or use {one_of(sorted(lists))}" if lists else ""
    return f"add it under `wrap_up_codes`{otherwise}"
