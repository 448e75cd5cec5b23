"""What `/readyz` says, in Chinese: each sentence is recognised in a catalogue. What a database or the system itself
says stays as it is.
"""

from collections.abc import Mapping

from sentences.catalogue import Catalogue

SENTENCES: tuple[tuple[str, str], ...] = (
    ("no answer within {seconds} s", "{seconds} 秒内没有回答"),
    # the link to Asterisk
    ("the link was not started", "连接尚未启动"),
    ("the link was closed here", "连接已由本服务关闭"),
    ("Asterisk closed the connection", "Asterisk 关闭了连接"),
    ("the connection broke: {why}", "连接中断：{why}"),
    ("Asterisk's manager at {where}", " {where} 的 Asterisk 管理接口"),
    ("no connection to {manager} within {seconds} s", "{seconds} 秒内连不上{manager}"),
    ("cannot connect to {manager}: {why}", "连不上{manager}：{why}"),
    (
        "{where} did not greet as Asterisk's manager within {seconds} s",
        "{seconds} 秒内 {where} 没有像 Asterisk 那样应答",
    ),
    (
        (
            "{where} closes new connections at once: too many that have not logged in are open there "
            "(`ss -tnp` shows whose), or Asterisk is ending"
        ),
        "{where} 的 Asterisk 立即关闭新连接：那里未登录的连接太多（用 `ss -tnp` 看是谁的），或它正在结束",
    ),
    ("{where} did not answer the login within {seconds} s", "{seconds} 秒内 {where} 的 Asterisk 没有回答登录"),
    ("{why} shutting down: {where}", "{where} 的 Asterisk 正在关闭"),
    ("{why} shutting down{more}: {where}", "{where} 的 Asterisk 正在关闭"),
    (
        (
            "Asterisk at {where} refused the login of {name}: {why}. Compare the user name, the secret and the "
            "permitted addresses in its manager.conf with the settings here."
        ),
        "{where} 的 Asterisk 拒绝了 {name} 登录：{why}。请对照它的 manager.conf 和这里设置的用户名、密码和允许的地址",
    ),
    (
        (
            "Asterisk at {where} took the login of {name} but did not say FullyBooted within {seconds} s: it is still "
            "starting, or this user has no read=system in its manager.conf"
        ),
        (
            "{where} 的 Asterisk 接受了 {name} 登录，但 {seconds} 秒内没有说 FullyBooted："
            "它还在启动，或它的 manager.conf 中这个用户没有 read=system"
        ),
    ),
    (
        "nothing came from Asterisk within {seconds} s after a ping",
        "ping 之后 {seconds} 秒内 Asterisk 没有发来任何内容",
    ),
    (
        "Asterisk did not answer a ping within {seconds} s, though it sends events",
        "{seconds} 秒内 Asterisk 没有回答 ping，尽管它还在发送事件",
    ),
    ("what answers there is no Asterisk manager: {what}", "那里应答的不是 Asterisk 管理接口：{what}"),
    ("the AMI banner is longer than {bytes} bytes", "AMI 的问候超过 {bytes} 字节"),
    ("an AMI message is longer than {bytes} bytes", "有一条 AMI 消息超过 {bytes} 字节"),
    # new calls
    ("the service is being restarted, new calls ring until it is back", "服务正在重启，新来电会一直振铃，直到它回来"),
    (
        "drained for maintenance, new calls are told so: ./wutong drain --off ends it",
        "因维护停止接听，新来电会听到说明：./wutong drain --off 可恢复",
    ),
    # the journal
    ("the spool keeps no Records: {why}", "缓存区存不下记录：{why}"),
    ("the database takes no Records: {why}", "数据库收不下记录：{why}"),
    ("its {bytes} bytes are full", "{bytes} 字节已满"),
    # notes
    (
        "on until {until}, before the menus, by {name}: ./wutong emergency off ends it",
        "播放到 {until}，在菜单之前，由 {name} 开启：./wutong emergency off 可关闭",
    ),
    (
        "on until {until}, at {place}, by {name}: ./wutong emergency off --where {place} ends it",
        "播放到 {until}，在 {place}，由 {name} 开启：./wutong emergency off --where {place} 可关闭",
    ),
    (
        "on until {until}, instead of {place}, then {after}, by {name}: ./wutong emergency off --where {place} ends it",
        "播放到 {until}，代替 {place}，之后 {after}，由 {name} 开启：./wutong emergency off --where {place} 可关闭",
    ),
    (
        "on until {until}, instead of the menus, then {after}, by {name}: ./wutong emergency off ends it",
        "播放到 {until}，代替菜单，之后 {after}，由 {name} 开启：./wutong emergency off 可关闭",
    ),
    ("only the installation's own token counts: {why}", "只有本机令牌有效：{why}"),
    ("people and tokens are not read yet", "还没有读入人员和令牌"),
    (
        (
            "1 text is spoken by the draft voice espeak-ng, and callers will not understand it: {why}. "
            "When that is mended: ./wutong reload"
        ),
        "有 1 段话由草稿语音 espeak-ng 说出，来电者听不懂：{why}。修好后请执行 ./wutong reload",
    ),
    (
        (
            "{count} texts are spoken by the draft voice espeak-ng, and callers will not understand them: {why}. "
            "When that is mended: ./wutong reload"
        ),
        "有 {count} 段话由草稿语音 espeak-ng 说出，来电者听不懂：{why}。修好后请执行 ./wutong reload",
    ),
)

_CATALOGUE = Catalogue(SENTENCES)

_BETWEEN = "; "
"""Between two troubles of one check."""


def in_language(told: Mapping[str, str], language: str) -> dict[str, str]:
    """What is told, by name, in `zh` or `en`. `ok` stays: programs look for it."""
    return {name: said if said == "ok" or language != "zh" else in_chinese(said) for name, said in told.items()}


def in_chinese(said: str) -> str:
    """One sentence, or two with a semicolon between."""
    whole = _CATALOGUE.said(said)
    if whole is not None and _BETWEEN not in said:
        return whole
    return "；".join(_CATALOGUE.said(part) or part for part in said.split(_BETWEEN))
