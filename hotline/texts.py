"""Every text of a hotline, spoken or shown, with its path in hotline.yaml."""

from collections.abc import Iterator

from hotline.document import Path
from hotline.graph import ways
from hotline.model import BREAKS, Hotline
from sounds.model import Texts


def placed_texts(hotline: Hotline) -> Iterator[tuple[Path, Texts]]:
    """Spoken texts: path and words, as (("menus", "main", "say"), {"zh": …, "en": …}). Empty texts too."""
    yield from ((("name",), hotline.name), (("greeting",), hotline.greeting), (("goodbye",), hotline.goodbye))
    if hotline.listening is not None and hotline.listening.say is not None:
        yield ("listening", "say"), hotline.listening.say
    for index, entrance in enumerate(hotline.entrances):
        if entrance.greeting is not None:
            yield ("numbers", index, "greeting"), entrance.greeting
    for menu_id, menu in hotline.menus.items():
        yield ("menus", menu_id, "say"), menu.say
    for queue_id, queue in hotline.queues.items():
        yield ("queues", queue_id, "name"), queue.name
        if queue.whisper is not None:
            yield ("queues", queue_id, "whisper"), queue.whisper
        for index, message in enumerate(queue.announce.messages if queue.announce is not None else ()):
            yield ("queues", queue_id, "announce", "messages", index), message
    for line_id, line in hotline.sub_hotlines.items():
        yield ("sub_hotlines", line_id, "name"), line.name
    for scope_id, scope in hotline.scopes.items():
        yield ("scopes", scope_id, "say"), scope.say
        if scope.offer is not None:
            yield ("scopes", scope_id, "offer"), scope.offer
    for input_id, wanted in hotline.inputs.items():
        for key in ("say", "entered", "confirm"):
            yield ("inputs", input_id, key), getattr(wanted, key)
    for way in ways(hotline):
        for key, words in way.destination.texts.items():
            yield (*way.path, key), words


def shown_texts(hotline: Hotline) -> Iterator[tuple[Path, Texts]]:
    """Texts that only agents read, as `placed_texts` has the spoken ones."""
    for menu_id, menu in hotline.menus.items():
        if menu.name is not None:
            yield ("menus", menu_id, "name"), menu.name
    for district_id, district in hotline.districts.items():
        yield ("districts", district_id, "name"), district.name
    for input_id, wanted in hotline.inputs.items():
        yield ("inputs", input_id, "name"), wanted.name
    for list_id, codes in hotline.wrap_up_codes.items():
        for code, name in codes.items():
            yield ("wrap_up_codes", list_id, code), name
    for skill, name in hotline.skills.items():
        yield ("skills", skill), name
    if hotline.breaks != BREAKS:
        for break_id, reason in hotline.breaks.items():
            yield ("breaks", break_id), reason


def every_text(hotline: Hotline) -> Iterator[Texts]:
    """Every text that a caller or an agent may hear."""
    return (words for _, words in placed_texts(hotline))
