"""What one version of the hotline says of its numbers."""

import pytest

from hotline.edition import Edition
from hotline.model import Entered
from ivr.model import Destination, ToMenu, ToQueue, ToSubHotline
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline


def with_an_extension_of_the_bureau() -> Edition:
    small = hotline()
    bureau = small.sub_hotlines["bureau"].model_copy(update={"extension": "7001"})
    return Edition(small.model_copy(update={"sub_hotlines": {"bureau": bureau}}), FakeCatalogue())


def test_a_transfer_to_a_number_enters_where_that_number_does() -> None:
    small = hotline()
    own = (*small.entrances, Entered(number="962320", entry=ToQueue(queue="trees")))
    edition = Edition(small.model_copy(update={"entrances": own}), FakeCatalogue())
    assert edition.target("962320") == ToQueue(queue="trees")
    assert edition.target("12319") == ToMenu(menu="main")


@pytest.mark.parametrize(
    ("extension", "target"),
    [
        ("6001", ToQueue(queue="trees")),
        ("7001", ToSubHotline(sub_hotline="bureau")),
        ("12319", ToMenu(menu="main")),
        ("1001", "1001"),
        ("962777", "962777"),
        ("6999", "6999"),
    ],
)
def test_where_an_agents_phone_sends_a_caller(extension: str, target: Destination | str) -> None:
    assert with_an_extension_of_the_bureau().target(extension) == target
