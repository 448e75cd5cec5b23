import pytest

from sounds.recogniser.comparison import Choice, apart, choices, compared, parts

MENU = "绿化请按1，供水、排水和燃气请按2，人工服务请按0，重听请按星号键，返回请按井号键。"
ENGLISH_MENU = (
    "Trees inside a housing compound belong to its property manager. Please ask there first. For trees in streets and"
    " parks, press 1. For street lamps, press 2. To talk to a person, press 0. To hear this again, press star."
    " To go back, press hash."
)


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("绿化请按一。", "绿化请按一"),
        ("绿化请按一，供水请按二", "律化,請按醫、宮水請按2。"),  # homophones, also written in traditional characters
        ("您前面还有22位", "您前面还有二十二位"),
        ("您前面还有二十二位", "您前面还有22位"),
        ("分机22", "分机二二"),
        ("您前面还有两位", "您前面还有2位"),
        ("您前面还有2位", "您前面还有两位"),
        ("请拨打12319", "请拨打幺二三幺九"),
        ("请拨打幺二三幺九", "请拨打1 2 3 1 9"),
        ("一百零五", "105"),
        ("一千零五十", "1050"),
        ("三千二百一十五", "3215"),
        ("早上8:30开门", "早上八点三十分开门"),
        ("早上8:00开门", "早上八点开门"),
        ("下降3.5%", "下降百分之三点五"),
        ("重听请按星号键", "重听请按*键"),
        ("返回请按＃键", "返回请按井号键"),
        ("请关注VIP热线", "请关注 vip 热线"),
    ],
)
def test_chinese_that_sounds_the_same_is_understood(words: str, heard: str) -> None:
    assert compared(words, heard, "zh").errors == 0


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("For greening, press 1.", "for greening press one"),
        ("twenty-two", "22"),
        ("There are 22 callers before you.", "There are twenty two callers before you"),
        ("Call 12319.", "call one two three one nine"),
        ("two thousand and fifteen", "two thousand and 15"),
        ("two hundred five", "205"),
        ("2,000 homes", "two thousand homes"),
        ("on the first floor", "on the 1st floor"),
        ("To go back, press hash.", "to go back press #"),
        ("press star", "press *"),
        ("street lamps", "streetlamps"),
        ("streetlamps", "street lamps"),
        ("at 8:30", "at eight thirty"),
        ("3.5 %", "three point five percent"),
        ("Don't hang up", "don’t hang up"),
    ],
)
def test_english_that_sounds_the_same_is_understood(words: str, heard: str) -> None:
    assert compared(words, heard, "en").errors == 0


@pytest.mark.parametrize(
    ("words", "heard", "language", "errors", "length"),
    [
        ("燃气请按三", "人气请按三", "zh", 1, 5),
        ("二十二位", "二十四位", "zh", 1, 4),
        ("22位", "24位", "zh", 1, 3),
        ("供水", "", "zh", 2, 2),
        ("", "供水", "zh", 2, 0),
        ("两位", "三位", "zh", 1, 2),
        ("一位", "两位", "zh", 1, 2),
        ("There are three callers", "There are three colors", "en", 1, 4),
        ("press 1", "press", "en", 1, 2),
        ("press 1", "press one one", "en", 1, 2),
        ("twenty-two", "24", "en", 1, 2),
    ],
)
def test_what_sounds_otherwise_is_counted(words: str, heard: str, language: str, errors: int, length: int) -> None:
    made = compared(words, heard, language)
    assert (made.heard, made.errors, made.length) == (heard, errors, length)


def test_another_tone_is_no_mistake() -> None:
    assert compared("绿化请按一", "绿化情案一", "zh").errors == 0  # 情 is qíng, 请 is qǐng; 案 is 按


def test_texts_that_were_heard_in_a_row_are_told_apart() -> None:
    found = apart(["十九", "六十六", "二", "五十六", "十一"], "持久六十六二五十六之一", "zh")
    assert [each.errors for each in found] == [1, 0, 0, 0, 1]
    assert [each.heard for each in found] == ["持久", "六十六", "二", "五十六", "之一"]


def test_numbers_in_a_row_may_be_written_as_one() -> None:
    found = apart(["四十二", "六十八", "七", "六十七", "八十"], "42687 6780", "zh")
    assert [each.errors for each in found] == [0] * 5
    found = apart(["forty-two", "seven", "fifty"], "42750", "en")
    assert [each.errors for each in found] == [0] * 3


def test_what_was_heard_too_much_belongs_to_what_stands_before() -> None:
    assert [each.errors for each in apart(["one", "two"], "one and two", "en")] == [1, 0]
    assert [each.errors for each in apart(["one", "two"], "so one two", "en")] == [1, 0]


def test_choices_of_a_menu() -> None:
    assert [(choice.name, choice.key) for choice in choices(MENU, "zh")] == [
        ("绿化", "1"),
        ("供水、排水和燃气", "2"),
        ("人工服务", "0"),
        ("重听", "*"),
        ("返回", "#"),
    ]
    assert [(choice.name, choice.key) for choice in choices(ENGLISH_MENU, "en")] == [
        ("trees in streets and parks", "1"),
        ("street lamps", "2"),
        ("talk to a person", "0"),
        ("hear this again", "*"),
        ("go back", "#"),
    ]
    assert choices("绿化请按一。供水请按二", "zh")[1] == Choice("供水", "2", (6, 8), (10, 11))
    assert choices("您前面还有三位。", "zh") == []
    short = choices("For greening, press 1. For buses, taxis and parking, 2. To go back, hash.", "en")
    assert [(choice.name, choice.key) for choice in short] == [
        ("greening", "1"),
        ("buses, taxis and parking", "2"),
        ("go back", "#"),
    ]


def test_a_menu_that_was_understood_has_no_key_errors() -> None:
    assert compared(MENU, "律化警案以宮水、排水和燃气请按两人工服务请按零重聽請按*鍵返回请按井号键", "zh").keys == ()
    said = (
        "trees inside a housing compound belong to its property manager please ask their first for trees in streets and"
        " parks press one for streetlamps press 2 to talk to a person press zero to hear this again press * to go back"
        " press #"
    )
    assert compared(ENGLISH_MENU, said, "en").keys == ()


def test_a_key_or_department_that_was_not_heard_is_named() -> None:
    heard = "律化请按七，供水、排水和人气请按2，人工服务请按，重听请按心号键，返回请按井号键"
    assert compared(MENU, heard, "zh").keys == (
        "绿化 (1): the key was heard as 七",
        "供水、排水和燃气 (2): the name was heard as 供水排水和人气",
        "人工服务 (0): the key was heard as nothing",
        "重听 (*): the key was heard as 心号",
    )
    swapped = "For greening, press 2. For water, press 1."
    assert compared("For greening, press 1. For water, press 2.", swapped, "en").keys == (
        "greening (1): the key was heard as two",
        "water (2): the key was heard as one",
    )


def test_a_choice_that_was_left_out_is_named() -> None:
    heard = "供水排水和燃气请按2人工服务请按0重听请按星号键返回请按井号键"
    assert [complaint.split(":")[0] for complaint in compared(MENU, heard, "zh").keys] == ["绿化 (1)", "绿化 (1)"]


def test_a_second_key_behind_the_first_is_no_right_key() -> None:
    assert compared("绿化请按1。", "绿化请按11", "zh").keys == ("绿化 (1): the key was heard as 一一",)


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("绿化请按1，供水请按2", "zh", [("zh", "绿化请按1，供水请按2")]),
        ("For English, press 8. 绿化请按1。", "zh", [("en", "For English, press 8."), ("zh", "绿化请按1。")]),
        ("绿化请按1。For English, press 8.", "zh", [("zh", "绿化请按1。"), ("en", "For English, press 8.")]),
        ("请关注VIP热线", "zh", [("zh", "请关注VIP热线")]),
        ("Urban hotline", "zh", [("en", "Urban hotline")]),
        ("中文请按9。 For greening, press 1.", "en", [("zh", "中文请按9。"), ("en", "For greening, press 1.")]),
        ("…", "zh", []),
    ],
)
def test_a_text_of_two_languages_is_cut(words: str, language: str, expected: list[tuple[str, str]]) -> None:
    assert parts(words, language) == expected


def test_a_comma_between_two_numbers_in_chinese_is_none_of_a_number() -> None:
    assert [(choice.name, choice.key) for choice in choices("绿化请按1，110请按2", "zh")] == [
        ("绿化", "1"),
        ("110", "2"),
    ]
    assert compared("按1，110按2", "按一,一百一十按二", "zh").errors == 0
