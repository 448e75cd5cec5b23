"""What one version of the hotline says of its numbers."""

import pytest

from ivr.model import Destination, ToMenu, ToQueue, ToSubHotline
from service.calls.edition import Edition
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline


def with_an_extension_of_the_bureau() -> Edition:
    small = hotline()
    bureau = small.sub_hotlines["bureau"].model_copy(update={"extension": "7001"})
    return Edition(small.model_copy(update={"sub_hotlines": {"bureau": bureau}}), FakeCatalogue())


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
