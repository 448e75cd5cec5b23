"""Whose past the spool of this machine has."""

from pathlib import Path

import pytest

from base.folders import StateFolder
from nodes import own


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    made = StateFolder(tmp_path)
    made.spool.mkdir()
    (made.spool / "000001.jsonl").write_text("past")
    return made


def test_the_first_leader_of_all_goes_on_with_its_spool(folder: StateFolder) -> None:
    assert own.claim(folder, "a", None, 1) is None
    assert folder.spool.exists()


def test_who_leads_again_and_nobody_else_did_goes_on_with_it(folder: StateFolder) -> None:
    own.claim(folder, "a", None, 1)
    assert own.claim(folder, "b", "a", 2) is None
    assert own.claim(folder, "c", "b", 3) is None
    assert folder.spool.exists()


def test_a_start_that_died_before_the_database_had_it_changes_nothing(folder: StateFolder) -> None:
    own.claim(folder, "a", None, 1)
    own.claim(folder, "b", "a", 2)  # and died: in the database the leader is still a
    assert own.claim(folder, "c", "a", 2) is None
    assert folder.spool.exists()


def test_the_spool_from_before_another_leader_is_put_aside(folder: StateFolder) -> None:
    own.claim(folder, "a", None, 1)
    aside = own.claim(folder, "b", "other", 5)
    assert aside == folder.root / "spool-of-epoch-4"
    assert (aside / "000001.jsonl").read_text() == "past"
    assert not folder.spool.exists()
    assert own.put_aside(folder) == [aside]
    assert own.claim(folder, "c", "a", 9) is None, "there is no spool any more to put aside"


def test_a_machine_that_has_never_led_puts_aside_what_it_finds(folder: StateFolder) -> None:
    assert own.claim(folder, "a", "other", 2) == folder.root / "spool-of-epoch-1"


def test_a_machine_keeps_its_id_and_a_copy_of_its_folder_under_another_name_gets_its_own(folder: StateFolder) -> None:
    north = own.identity(folder, "north")
    assert own.identity(folder, "north") == north
    own.begin(folder, 7)
    assert own.identity(folder, "north") == (north[0], 7)
    south = own.identity(folder, "south")
    assert south[0] != north[0]
    assert south[1] == 0, "it has begun none"
    assert own.identity(folder, "south") == south


@pytest.mark.parametrize("damaged", ["", "[]", '{"name": "north"}', "\x00"])
def test_a_file_that_cannot_be_read_is_made_anew(folder: StateFolder, damaged: str) -> None:
    folder.node.write_text(damaged)
    made = own.identity(folder, "north")
    assert (len(made[0]), made[1]) == (32, 0)
    assert own.identity(folder, "north") == made
