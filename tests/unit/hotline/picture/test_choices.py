"""What prompts say of their keys."""

import pytest

from hotline.picture.choices import choices


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("绿化请按1，供水、排水和燃气请按2。", {"1": "绿化", "2": "供水、排水和燃气"}),
        ("人工服务请按0，重听请按星号键，返回请按井号键。", {"0": "人工服务", "*": "重听", "#": "返回"}),
        ("如需人工服务，请按零", {"0": "人工服务"}),
        ("查询按三，投诉请拨 4 号键", {"3": "查询", "4": "投诉"}),
        ("按1查询水费，按2报修", {"1": "查询水费", "2": "报修"}),
        ("For English, press 8. 绿化请按1", {"8": "English", "1": "绿化"}),
        (
            "Trees belong to the manager. For water, drainage and gas, press 2. To go back, press hash.",
            {"2": "Water, drainage and gas", "#": "Go back"},
        ),
        ("Press 1 for water, press two for gas", {"1": "Water", "2": "Gas"}),
        ("拨打12345", {}),
        ("供水请按1。供水局请按1。", {"1": "供水"}),
        ("", {}),
    ],
)
def test_keys_and_their_words(prompt: str, told: dict[str, str]) -> None:
    assert choices(prompt) == told
    assert list(choices(prompt)) == list(told)
