import pytest
from hypothesis import given
from hypothesis import strategies as st

from sounds.model import Unsayable
from sounds.reading import reading, unspeakable


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("绿化请按1，供水请按2", "绿化请按一。供水请按二"),
        ("重听请按星号键，返回请按井号键。", "重听请按星号键。返回请按井号键。"),
        ("按*键返回，按#键结束。", "按星号键返回，按井号键结束。"),
        ("12319城建服务热线", "幺二三幺九城建服务热线"),
        ("区号021", "区号零二幺"),
        ("请拨打021-6232 1234", "请拨打零二幺，六二三二，幺二三四"),
        ("手机138 0013 8000", "手机幺三八，零零幺三，八零零零"),
        ("手机13800138000", "手机幺三八零零幺三八零零零"),
        ("400-820-8820", "四零零，八二零，八八二零"),
        ("+86 21 6232 1234", "加八六，二幺，六二三二，幺二三四"),
        ("报警110，火警119", "报警幺幺零，火警幺幺九"),
        ("110个名额", "一百一十个名额"),
        ("请转分机801", "请转分机八零幺"),
        ("2个工作日", "两个工作日"),
        ("12个，22位", "十二个，二十二位"),
        ("第2个", "第二个"),
        ("2号线2楼", "二号线二楼"),
        ("2分钟后", "两分钟后"),
        ("105元", "一百零五元"),
        ("¥1,234.50", "一千二百三十四点五零元"),
        ("涨幅3.5%", "涨幅百分之三点五"),
        ("2026年5月2日", "二零二六年五月二日"),
        ("2026-05-02", "二零二六年五月二日"),
        ("8:30-17:00", "八点三十分至十七点"),
        ("9:05", "九点零五分"),
        ("2013-2014年", "二零一三至二零一四年"),
        ("5月1日-5月3日", "五月一日至五月三日"),
        ("周一-周五，星期六～星期日", "周一至周五，星期六至星期日"),
        ("二〇二六年", "二零二六年"),
        ("7×24小时", "七乘二十四小时"),
        ("补贴10000元，电话12319", "补贴一万元，电话幺二三幺九"),
        ("12319元旦不休息", "幺二三幺九元旦不休息"),
        ("¥100-200，¥2万", "一百至二百元，二万元"),
        ("按2人工服务", "按二人工服务"),
        ("停车场在-1层，共1-3层", "停车场在负一层，共一至三层"),
        ("气温25°C", "气温二十五摄氏度"),
        ("3-5个工作日", "三至五个工作日"),
        ("10~15℃", "十至十五摄氏度"),
        ("-5℃", "零下五摄氏度"),
        ("１２３４５市民热线", "幺二三四五市民热线"),
        ("《条例》“暂行”【公告】", "条例 暂行 公告"),
        ("98765432100个", "九八七六五四三二幺零零个"),
    ],
)
def test_chinese_is_read_as_people_say_it(words: str, read: str) -> None:
    assert [(part.language, part.words) for part in reading(words, "zh")] == [("zh", read)]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("For water, press 1, for gas, press 2.", "For water, press 1. for gas, press 2."),
        ("press # or *", "press hash or star"),
        ("Dial 962777.", "Dial 9 6 2 7 7 7."),
        ("call 110 now", "call 1 1 0 now"),
        ("110 places", "110 places"),
        ("021 6232 1234", "0 2 1, 6 2 3 2, 1 2 3 4"),
        ("open 8:30-17:00", "open 8 30 to 17 o'clock"),
        ("at 9:05", "at 9 oh 5"),
        ("open 8:00am to 5:00 p.m.", "open 8 am to 5 p.m."),
        ("open Monday-Friday, 24/7", "open Monday to Friday, 24 7"),
        ("phone 010-12345678", "phone 0 1 0, 1 2 3 4 5 6 7 8"),
        ("from 2026-05-02", "from 2 May 2026"),
        ("$1.5 million, €5", "1.5 million dollars, 5 euros"),
        ("3.14159 and 10,000", "3.14159 and 10,000"),
        ("No. 5, 3.5% and $5", "number 5, 3.5 percent and 5 dollars"),
        ("[[h@l'oU]] <speak>{x}", "h at l'oU speak x"),
    ],
)
def test_english_keeps_numbers_that_a_voice_reads_rightly(words: str, read: str) -> None:
    assert [(part.language, part.words) for part in reading(words, "en")] == [("en", read)]


@pytest.mark.parametrize(
    ("language", "words", "parts"),
    [
        (
            "zh",
            "For English, press 8. 绿化请按1，供水请按2。",
            [("en", "For English, press 8."), ("zh", "绿化请按一。供水请按二。")],
        ),
        ("en", "For Chinese, press 9. 中文请按9。", [("en", "For Chinese, press 9."), ("zh", "中文请按九。")]),
        ("zh", "请用APP办理", [("zh", "请用"), ("en", "APP"), ("zh", "办理")]),
        ("en", "Take bus 22 to 人民广场 now", [("en", "Take bus 22 to"), ("zh", "人民广场"), ("en", "now")]),
        ("en", "12319城建服务热线", [("zh", "幺二三幺九城建服务热线")]),
        ("zh", "12319", [("zh", "幺二三幺九")]),
        ("en", "12319", [("en", "1 2 3 1 9")]),
    ],
)
def test_each_part_is_read_by_the_voice_of_its_language(
    language: str, words: str, parts: list[tuple[str, str]]
) -> None:
    assert [(part.language, part.words) for part in reading(words, language)] == parts


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("您好😀", "'😀' cannot be spoken"),
        ("请按☎", "'☎' cannot be spoken"),
        ("Здравствуйте", "'З' .cyrillic capital letter ze. is of no language"),
        ("こんにちは", "hiragana letter ko"),
        ("！？…", "nothing to be said"),
        ("—— ……", "nothing to be said"),
        ("", "empty"),
        ("字" * 2001, "2001"),
    ],
)
def test_what_no_voice_can_speak_is_told(words: str, why: str) -> None:
    with pytest.raises(Unsayable, match=why):
        reading(words, "zh")
    assert unspeakable(words) is not None
    assert unspeakable("您好") is None


def test_a_sign_of_money_without_a_sum_is_no_number() -> None:
    assert unspeakable("¥,") is None


@given(st.text(max_size=60), st.sampled_from(["zh", "en"]))
def test_any_text_is_read_or_refused(words: str, language: str) -> None:
    try:
        parts = reading(words, language)
    except Unsayable:
        return
    assert parts
    for part in parts:
        assert part.words.strip()
        if part.language == "zh":
            assert not any(character.isdecimal() for character in part.words)
