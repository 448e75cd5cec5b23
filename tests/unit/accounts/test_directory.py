"""What is changed at the same time, and by whom."""

import asyncio
from dataclasses import replace

import pytest

from accounts.directory import Directory, NotKept, Taken
from accounts.model import Person
from accounts.store import StoreUnavailable
from base.role import Role
from tests.unit.accounts.stores import FakeStore

WANG = Person(name="wang", roles=frozenset({Role.ADMINISTRATOR}), password="old", created=1.0, password_set=1.0)


class SlowStore(FakeStore):
    """Others come in between."""

    async def put_person(self, person: Person) -> None:
        await asyncio.sleep(0)
        await super().put_person(person)


async def test_a_password_and_a_role_changed_at_once_are_both_kept() -> None:
    """A role that is taken away must not come back with the password."""
    store = SlowStore()
    directory = Directory(store, lambda: 1.0)
    await directory.add(WANG)
    await asyncio.gather(
        directory.change("wang", password="new"), directory.change("wang", roles=frozenset({Role.OPERATIONS}))
    )
    for person in (directory.people["wang"], store.people["wang"]):
        assert (person.password, person.roles) == ("new", frozenset({Role.OPERATIONS}))


async def test_of_two_of_one_name_one_is_added() -> None:
    directory = Directory(SlowStore(), lambda: 1.0)
    outcomes = await asyncio.gather(directory.add(WANG), directory.add(WANG), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), Taken]


async def test_a_person_who_was_removed_meanwhile_does_not_come_back() -> None:
    store = SlowStore()
    directory = Directory(store, lambda: 1.0)
    await directory.add(WANG)
    await directory.remove("wang")
    with pytest.raises(NotKept):
        await directory.change("wang", password="new")
    await directory.remove("wang")
    assert store.people == {}


async def test_a_person_who_is_removed_while_the_database_is_away_cannot_sign_in() -> None:
    store = FakeStore()
    directory = Directory(store, lambda: 1.0)
    await directory.add(replace(WANG, subject="https://login.example 7"))
    store.away = True
    with pytest.raises(StoreUnavailable):
        await directory.remove("wang")
    assert directory.people["wang"].password is None
    assert directory.people["wang"].subject is None, "nor at the city's provider"
    store.away = False
    await directory.remove("wang")
    assert (dict(directory.people), store.people) == ({}, {})
