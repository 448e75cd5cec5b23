"""What each event of the service's log means, in both languages. Pure.

A sentence names fields of its line in braces; what it does not name is shown behind it.
"""

from collections.abc import Mapping
from typing import Any

WORDS: Mapping[str, tuple[str, str]] = {
    # the service
    "preparing": ("Before the start: {step}", "启动前：{step}"),
    "ready": ("Calls are taken: hotline {hotline}, version {version}", "开始接入来电：热线 {hotline}，版本 {version}"),
    "stopped": ("The service has ended", "服务已退出"),
    "restarts": ("The service restarts; calls go on", "服务正在重启，通话不受影响"),
    "not-started": ("The service did not start: {why}", "服务没有启动：{why}"),
    "service-broke": ("The service has ended by a mistake of ours", "服务因程序错误退出"),
    "service-hangs": ("The service gave no sign of life and was ended", "服务没有响应，已被终止"),
    "stuck": ("The service is stuck: {why}", "服务卡住了：{why}"),
    "was-frozen": ("The machine or the process stood still for {seconds} s", "机器或进程停顿了 {seconds} 秒"),
    "renewal-due": (
        "After a mistake of ours the service renews itself in {in_s} s",
        "程序出错，服务将在 {in_s} 秒后自动重启",
    ),
    "not-renewed": ("The service does not renew itself: {why}", "服务没有自动重启：{why}"),
    "task-failed": ("A mistake of ours in {task}; calls go on", "{task} 出现程序错误，通话不受影响"),
    "reports-behind": (
        "{missing} Records are in no report. Count them: ./wutong report rebuild",
        "有 {missing} 条记录没有计入报表，请运行 ./wutong report rebuild",
    ),
    "observer-failed": (
        "A mistake of ours in the observer {observer}; calls go on",
        "观察者 {observer} 出现程序错误，通话不受影响",
    ),
    "up": ("`up` has started everything", "up 已全部启动"),
    "down": ("`up` has stopped everything", "up 已全部停止"),
    "ended": (
        "{what} has ended ({how}); it is started again in {again_in_s} s",
        "{what} 已退出（{how}），{again_in_s} 秒后重新启动",
    ),
    "runs-again": ("{what} runs again", "{what} 已恢复运行"),
    "systemd-not-told": ("systemd could not be told: {why}", "无法通知 systemd：{why}"),
    "no-note": ("The note about this service was not written: {why}", "没能写下本服务的运行信息：{why}"),
    "no-local-door": ("The local socket for commands is missing: {why}", "没有给命令用的本机套接字：{why}"),
    "out-of-descriptors": ("There are no more open files to be had: {why}", "打开的文件数已到上限：{why}"),
    "open-files": ("Too few files may be open: {why}", "允许打开的文件太少：{why}"),
    "draft-voice": ("Texts are spoken by the draft voice: {why}", "有文字由草稿语音朗读：{why}"),
    # calls
    "drained": ("The hotline is closed: new callers are turned away", "已停接：新来电会听到暂停服务"),
    "not-drained-any-more": ("The hotline is open again", "已恢复接入"),
    "calls-refused": ("Calls were refused ({why}); {live} are live", "有来电未接入（{why}），现有 {live} 通"),
    "refused": ("A request was refused: {why}", "有请求被拒绝：{why}"),
    "prompt-missing": ("A prompt is missing: {why}", "缺少提示音：{why}"),
    "prompt-not-played": ("A prompt could not be played: {why}", "提示音放不出来：{why}"),
    "sign-missing": ("The sign of listening is missing: {why}", "缺少旁听提示音：{why}"),
    "whisper-missing": ("An agent did not hear the queue's name: {why}", "坐席没有听到队列名称：{why}"),
    "robot-missing": ("The robot agent had nothing to say: {why}", "机器人坐席的声音缺失：{why}"),
    "selftest-not-begun": ("The self-test of this night did not begin: {why}", "今晚的拨测没有开始：{why}"),
    "sheet-mailed": (
        "The daily sheet of {day} was mailed; {refused} receivers refused",
        "{day} 的日报已发出邮件；{refused} 个收件人被拒",
    ),
    "sheet-refused": (
        "The mail server took the daily sheet of {day}, but not for these receivers: {receivers}",
        "邮件服务器收下了 {day} 的日报，但拒收以下收件人：{receivers}",
    ),
    "sheet-not-mailed": (
        "The daily sheet of {day} was not mailed, and is tried again until noon: {why}",
        "{day} 的日报邮件没有发出，到中午前会再试：{why}",
    ),
    "sheet-given-up": (
        "The daily sheet of {day} could not be mailed by noon: ./wutong report sheet {day} --pdf FILE has it",
        "{day} 的日报到中午也没有发出邮件：可用 ./wutong report sheet {day} --pdf 文件",
    ),
    "report-not-read": ("The program that reads reports has ended: {why}", "读取报表的程序已结束：{why}"),
    "selftest-differs": (
        "The self-test found {differences} differences in {called} calls: ./wutong selftest --last",
        "拨测 {called} 通，{differences} 处不符：./wutong selftest --last",
    ),
    "selftest-deaf": ("The self-test goes on without the recogniser: {why}", "拨测中语音识别出错，继续拨测：{why}"),
    "selftest-words-missing": ("The caller of the self-test had nothing to say: {why}", "拨测来电人的声音缺失：{why}"),
    "languages-not-recalled": ("Callers' languages are not known: {why}", "查不到来电人上次所用的语言：{why}"),
    "sound-lost": (
        "No sound from the {side} for 5 s in a talk of {agent}",
        "{agent} 的通话中，{side} 一侧 5 秒没有声音",
    ),
    "phone-gone": ("A phone was gone in a talk, which was ended", "通话中话机失联，已结束通话"),
    "phone-not-listened-to": (
        "Asterisk could not be asked whether audio comes from the phone of {agent}",
        "无法向 Asterisk 询问坐席 {agent} 的话机有无声音",
    ),
    "recording-not-kept": ("The recording of a talk could not be kept: {why}", "有通话录音没能保存：{why}"),
    "recording-of-nobody": ("A recording belonged to no talk, and was removed", "有录音不属于任何通话，已删除"),
    "recording-lost": ("A recording has no file any more", "有录音的文件不见了"),
    "recording-keys-unusable": ("The keys of recordings cannot be used: {why}", "录音的密钥无法使用：{why}"),
    "recording-damaged": ("The file of a recording is damaged", "有录音的文件已损坏"),
    "recordings-without-record": (
        "Recordings that nothing tells of lie in {folder}: {files}",
        "{folder} 里有 {files} 个没有记载的录音文件",
    ),
    "recordings-stopped": ("Talks are not recorded: {why}", "暂停通话录音：{why}"),
    "recordings-go-on": ("Talks are recorded again", "已恢复通话录音"),
    "session-lost": ("A call's session with Asterisk is lost", "一通来电与 Asterisk 的会话中断"),
    "stray-ring-ended": ("A ring that belonged to no call was ended", "结束了一个不属于任何来电的振铃"),
    "ring-in-doubt": ("It is not known whether agent {agent} was rung", "不确定坐席 {agent} 有没有振铃"),
    "ring-not-asked": ("Agent {agent} could not be rung", "没能给坐席 {agent} 振铃"),
    "leg-unknown": ("Asterisk has a ring that nobody knows", "Asterisk 里有一路振铃，服务没有它的记录"),
    "place-without-call": ("A place in a queue had no call, and was given up", "队列里有一个没有来电的位置，已清除"),
    "transfer-refused": ("A transfer that is not allowed was undone", "撤销了一次不允许的转接"),
    "listening-in-doubt": ("It is not known whether the listening began", "不确定旁听是否已开始"),
    "listening-not-asked": ("The listening could not be begun", "没能开始旁听"),
    "listening-unknown": (
        "In Asterisk a channel listens that the service does not know",
        "Asterisk 里有一路旁听，服务没有它的记录",
    ),
    "emergency-on": ("An emergency message is on until {until}", "紧急公告已打开，到 {until} 为止"),
    "emergency-is-on": (
        "After the start an emergency message is still on until {until}",
        "启动后紧急公告仍在播放，到 {until} 为止",
    ),
    "emergency-ending": ("The emergency message ends soon: {until}", "紧急公告即将结束：{until}"),
    "emergency-over": ("The emergency message is over", "紧急公告已关闭"),
    "emergency-not-switched": ("The emergency message was not switched: {why}", "紧急公告没有切换成功：{why}"),
    "emergency-unreadable": ("The emergency message cannot be read: {why}", "紧急公告的文件读不出来：{why}"),
    "emergency-sounds-lost": ("Sounds of the emergency message are lost", "紧急公告的声音文件丢失"),
    "notice-unreadable": ("The line of news cannot be read: {why}", "席位通知的文件读不出来：{why}"),
    "emergency-pins-unreadable": ("The PINs of *90 cannot be read: {why}", "*90 的密码文件读不出来：{why}"),
    "emergency-pin-refused": ("A wrong PIN for *90 on the phone {phone}", "话机 {phone} 上 *90 的密码不对"),
    "emergency-pin-locked": (
        "Too many wrong PINs for *90 on the phone {phone}",
        "话机 {phone} 上 *90 的密码错得太多，暂时不能再试",
    ),
    # Asterisk
    "ami-up": ("Connected to Asterisk", "已连上 Asterisk"),
    "ami-down": ("The link to Asterisk broke: {reason}", "与 Asterisk 的连接断开：{reason}"),
    "asterisk-away": ("Asterisk cannot be reached: {why}", "连不上 Asterisk：{why}"),
    "look-around-broken-off": ("The look at Asterisk was broken off: {why}", "对 Asterisk 的核对中断：{why}"),
    "asterisk-not-reloaded": (
        "Asterisk did not read its configuration anew: {why}",
        "Asterisk 没有重新读取配置：{why}",
    ),
    "asterisk-not-relieved": ("Asterisk could not be tidied up: {why}", "没能清理 Asterisk：{why}"),
    "asterisk-log-not-shortened": ("Asterisk's log could not be shortened: {why}", "没能缩短 Asterisk 的日志：{why}"),
    "action-failed": ("Asterisk did not do {action}", "Asterisk 没有执行 {action}"),
    "ami-unwaited-action-failed": ("Asterisk did not do {action}", "Asterisk 没有执行 {action}"),
    "ami-answer-too-late": ("An answer of Asterisk came too late", "Asterisk 的应答来得太晚"),
    "agi-full": ("Too many sessions of Asterisk: {refused} were refused", "Asterisk 的会话太多，已拒绝 {refused} 个"),
    "agi-dropped": ("A session of Asterisk was dropped: {reason}", "放弃了一个 Asterisk 会话：{reason}"),
    "agi-refused": ("A session was refused: {why}", "拒绝了一个会话：{why}"),
    "agi-channel-taken": ("Two sessions came for one call", "同一通来电有两个会话"),
    "agi-caller-gone": ("The caller of a session has hung up", "会话的来电人已挂断"),
    "citizens-door-shut": (
        "{calls} calls came at once: no more are let in for {seconds} s",
        "一下子来了 {calls} 通来电，{seconds} 秒内不再接入",
    ),
    "citizens-door-not-moved": ("The door for new calls could not be moved: {why}", "没能开关来电入口：{why}"),
    "doors-not-seen": ("The open connections cannot be counted: {why}", "数不出已打开的连接：{why}"),
    "guard-failed": ("The guard over phones' passwords failed: {why}", "话机密码的监视出错：{why}"),
    "phone-password-guessed": (
        "Somebody guesses the password of agent {agent}'s phone, from {address}",
        "有人在猜坐席 {agent} 的话机密码，来自 {address}",
    ),
    "browser-phone-shut-out": (
        "The browser of agent {agent} is no longer a telephone",
        "坐席 {agent} 的浏览器不再是话机",
    ),
    "browser-phone-not-shut-out": ("A browser could not be shut out: {why}", "没能断开浏览器话机：{why}"),
    "browser-phone-not-noted": (
        "The browser of agent {agent} was not noted: {why}",
        "没能记下坐席 {agent} 的浏览器话机：{why}",
    ),
    "browser-phones-unreadable": ("The list of browsers cannot be read: {why}", "浏览器话机的名单读不出来：{why}"),
    # the hotline
    "reload": ("Taking into use: {step}", "启用中：{step}"),
    "published": ("Version {number} is in use, by {actor}", "版本 {number} 已启用，操作人 {actor}"),
    "publish-refused": ("Nothing was published: {why}", "没有发布：{why}"),
    "queue-removed": ("A queue was taken out: {why}", "删除了队列：{why}"),
    "version-taken-back": ("Version {number} was taken back", "版本 {number} 已撤回"),
    "version-damaged": ("A version's file is damaged: {file}", "版本文件损坏：{file}"),
    "version-not-kept": ("The version was not kept: {why}", "版本没有保存下来：{why}"),
    "version-mended": ("Version {version} was mended", "版本 {version} 已修复"),
    "hotline-start": ("The start could not use what was meant: {why}", "启动时没能使用预定的版本：{why}"),
    "trial": ("The trial: {step}", "试用：{step}"),
    "trial-started": (
        "Version {number} is on trial for {percent} % of callers",
        "版本 {number} 开始试用，{percent}% 的来电者",
    ),
    "trial-not-taken-up": ("The trial of version {number} did not go on: {why}", "版本 {number} 的试用没能继续：{why}"),
    "callback-not-allowed": ("A callback was cancelled: {why}", "回拨已取消：{why}"),
    "callback-not-dialled": (
        "Asterisk did not say whether a citizen is called back: {why}",
        "不知道是否已经回拨市民：{why}",
    ),
    "message-lost": ("The message {message} has no sound any more.", "留言 {message} 的录音不见了。"),
    "message-not-kept": ("A message was not kept, {effect}: {why}", "留言没有存好，{effect}：{why}"),
    "message-not-levelled": ("A message was not levelled: {why}", "留言的音量没有调好：{why}"),
    "message-not-removed": ("The file {file} was not removed: {why}", "文件 {file} 没有删除：{why}"),
    "message-not-recorded": ("A message was not recorded: {why}", "留言没有录下来：{why}"),
    "message-refused": ("No message could be left: {why}", "市民没能留言：{why}"),
    "message-unreadable": ("A recording cannot be read: {why}", "录音读不出来：{why}"),
    "messages-without-record": (
        "Sounds without a Record in {folder}: {files}",
        "{folder} 里没有记录的录音：{files} 个",
    ),
    "list-unreadable": ("The list {list} cannot be read: {why}", "名单 {list} 读不出来：{why}"),
    "trials-unreadable": ("Trials cannot be read: {why}", "试用的数据读不出来：{why}"),
    "watch-failed": ("A mistake of ours while publishing what was saved", "自动发布时出现程序错误"),
    "draft-mistake": ("A mistake of ours in work on a draft", "处理草稿时出现程序错误"),
    "draft-worker-ended": ("The program that works on drafts has ended", "处理草稿的程序已退出"),
    "aside-failed": ("The program for `{what}` failed: {why}", "做“{what}”的程序失败：{why}"),
    "recording-not-examined": ("A recording could not be examined: {why}", "录音无法检查：{why}"),
    "voice": ("Fetching the voice: {step}", "正在安装语音：{step}"),
    "voice-not-fetched": ("The voice was not fetched", "语音没有安装成功"),
    "clips-removed": ("Old clips were removed: {clips}", "清理了旧的声音文件：{clips} 个"),
    "clips-not-removed": ("Old clips were not removed: {why}", "旧的声音文件没有清理：{why}"),
    # several machines
    "leads": ("This machine leads now: {node}", "本机（{node}）成为主机"),
    "leads-on": ("This machine leads on", "本机继续担任主机"),
    "leader-goes-on": ("The machine that led before goes on: {node}", "原来的主机 {node} 继续担任主机"),
    "stands-by": ("This machine stands by; the leader: {node}", "本机待命，主机是 {node}"),
    "leader-unsure": (
        "PostgreSQL does not answer, so no agent is rung: {why}",
        "PostgreSQL 没有响应，暂不振铃任何坐席：{why}",
    ),
    "leadership-lost": ("Another machine leads now; this one starts anew", "另一台机器已成为主机，本机重新启动"),
    "leader-backed": (
        "PostgreSQL does not answer; agents are rung, as all other machines back this one",
        "PostgreSQL 没有响应；其他机器都支持本机，照常振铃坐席",
    ),
    "leader-is-backed": (
        "This machine could lead, and leaves the lead to {node}, which does not reach PostgreSQL",
        "本机可以成为主机，但 {node} 只是连不上 PostgreSQL，继续由它担任",
    ),
    "leader-does-not-know-this-machine": (
        "{node} has led last, and does not know this machine, which may not take over",
        "上一台主机 {node} 不认识本机，本机不能接替",
    ),
    "machine-unproved": (
        "A datagram at node_address proves nothing: from {address}",
        "node_address 收到无法证实的数据报，来自 {address}",
    ),
    "leader-lock-reachable": ("PostgreSQL answers again", "PostgreSQL 已恢复响应"),
    "leader-lock-unreachable": (
        "PostgreSQL cannot be asked who leads: {why}",
        "无法向 PostgreSQL 询问谁是主机：{why}",
    ),
    "spool-put-aside": (
        "Another machine has led since: what this one had kept is in {folder}",
        "其间另一台机器当过主机，本机暂存已移到 {folder}",
    ),
    "files-not-shared": (
        "Other machines do not get what was published or switched: {why}",
        "发布和开关的内容没能交给其他机器：{why}",
    ),
    "files-taken": (
        "{files} files of versions, messages or switches are as on the machine that leads",
        "已从主机取得 {files} 个版本、通知或开关文件",
    ),
    "files-not-taken": (
        "What was published or switched on the machine that leads cannot be had: {why}",
        "取不到主机上发布和开关的内容：{why}",
    ),
    "unshared-files-put-aside": (
        "Other machines never had these files, and another one has led since; they are in {folder}: {names}",
        "以下文件其他机器没有，而其间另一台机器当过主机，已移到 {folder}：{names}",
    ),
    "not-ready-to-lead": (
        "What was published on the machine that leads cannot be used here: {why}",
        "主机上发布的内容在本机用不了：{why}",
    ),
    "records-not-taken": (
        "Another machine leads: {records} Records of this one stay in its spool",
        "另一台机器已成为主机，本机有 {records} 条记录留在暂存里",
    ),
    # the journal and the database
    "starting_without_database": (
        "The service starts without its database: {error}",
        "数据库连不上，服务照常启动：{error}",
    ),
    "journal.unavailable": (
        "The database does not answer; Records wait: {waiting}",
        "数据库没有响应，等待写入的记录 {waiting} 条",
    ),
    "journal.available": ("The database answers again", "数据库已恢复"),
    "journal.dropping": ("Records are being lost", "正在丢失记录"),
    "journal.keeps_up": ("Records are kept again; {dropped} were lost", "记录恢复正常，丢失了 {dropped} 条"),
    "journal.missing": ("Records are missing: {records}", "缺少记录 {records} 条"),
    "journal.not_flushed": (
        "At the end Records were not in the database yet: {waiting}",
        "退出时还有 {waiting} 条记录没有写进数据库",
    ),
    "journal.new_database": ("The database is another one than before", "数据库不是原来那个"),
    "journal.spool_is_older": ("The spool is older than the database", "本机暂存比数据库旧"),
    "spool.resumed": ("Records are kept on this machine again", "本机暂存已恢复"),
    "spool.failed": ("Records are not kept on this machine: {why}", "记录没有保存在本机：{why}"),
    "spool.not_rotated": ("The spool's next file was not begun: {why}", "本机暂存没能换新文件：{why}"),
    "spool.not_discarded": ("An old file of the spool was not removed", "本机暂存的旧文件没有删除"),
    "spool.put_aside": ("The spool was put aside: {why}", "本机暂存已移到一边：{why}"),
    "spool.torn": ("The spool's last line was not whole, and was cut off", "本机暂存最后一行不完整，已截去"),
    "spool.damaged": ("The spool is damaged", "本机暂存损坏"),
    "database.gone": ("The database is gone: {file}", "数据库文件不见了：{file}"),
    "database.not_checked": ("The database was not checked: {error}", "数据库没有检查：{error}"),
    "database.not_checked_to_its_end": ("The check of the database took too long", "数据库检查超时，没有做完"),
    "snapshot-unreadable": ("The snapshot of calls cannot be read: {why}", "来电快照读不出来：{why}"),
    "state-unreadable": ("The queues' state cannot be read: {why}", "队列状态读不出来：{why}"),
    "last-hour-unreadable": ("The last hour's figures cannot be read: {why}", "最近一小时的数据读不出来：{why}"),
    "purged": ("Old data was removed", "已清理旧数据"),
    "not-purged": ("Old data was not removed: {why}", "旧数据没有清理：{why}"),
    "number-forgotten": ("A caller's number was removed", "已删除一个市民号码"),
    "number-exported": ("What is known of a caller's number was handed out", "已导出一个市民号码的资料"),
    "log-not-emptied": ("The log could not be emptied of a number: {why}", "没能从日志里删去号码：{why}"),
    # people and HTTP
    "accounts": ("Accounts cannot be read: {why}", "账号读不出来：{why}"),
    "sign-in-refused": ("A sign-in was refused, from {address}", "登录被拒，来自 {address}"),
    "token-refused": ("A wrong token was refused, from {address}", "令牌不对，来自 {address}"),
    "session-not-kept": ("The session of {person} was not kept: {why}", "{person} 的登录没有保存：{why}"),
    "session-end-not-kept": ("The end of a session was not kept: {why}", "退出登录没有保存：{why}"),
    "second-factor-unreadable": ("The second factor of {person} cannot be read", "{person} 的验证码设置读不出来"),
    "second-factor-not-kept": ("The second factor of {person} was not kept: {why}", "{person} 的验证码没有保存：{why}"),
    "openid-refused": ("The city's sign-in refused us: {error}", "统一身份认证拒绝了本系统：{error}"),
    "openid-token-refused": (
        "What the city's sign-in sent was not accepted: {why}",
        "统一身份认证返回的内容无效：{why}",
    ),
    "openid-description": ("The city's sign-in describes itself wrongly", "统一身份认证的说明有误"),
    "openid-issuer": ("The city's sign-in has another name than the setting", "统一身份认证的名称与设置不一致"),
    "openid-away": ("The city's sign-in does not answer: {why}", "统一身份认证没有响应：{why}"),
    "openid-key-unreadable": ("A key of the city's sign-in cannot be read: {why}", "统一身份认证的密钥读不出来：{why}"),
    "audit-waits": ("The audit waits for the database: {entries} entries", "审计等待写入数据库：{entries} 条"),
    "audit-left": ("Entries of the audit were left in a file: {file}", "审计暂存在文件里：{file}"),
    "audit-lost": ("Entries of the audit were lost: {entries}", "丢失审计记录 {entries} 条"),
    "audit-file-unreadable": ("The audit's file cannot be read: {why}", "审计文件读不出来：{why}"),
    "audit-line-unreadable": ("A line of the audit's file cannot be read", "审计文件里有一行读不出来"),
    "console.unreadable": ("The console cannot be read: {error}", "控制台读不出来：{error}"),
    "http.fault": ("A mistake of ours at {method} {path}", "{method} {path} 出现程序错误"),
    "examination-failed": ("The examination failed: {why}", "全面检查没有完成：{why}"),
    "certificate-renewed": ("The certificate was renewed", "证书已更新"),
    "certificate-not-renewed": ("The certificate was not renewed: {why}", "证书没有更新：{why}"),
}
"""By event: English, Chinese."""

LEVELS = {"debug": "调试", "info": "信息", "warning": "警告", "error": "错误", "critical": "严重"}
"""A line's level, in Chinese; in English it is the word itself."""


class _Unknown(dict[str, Any]):
    """A line of an earlier version may lack a field."""

    def __missing__(self, name: str) -> str:
        return "?"


def said(event: str, fields: Mapping[str, Any], language: str) -> tuple[str, dict[str, Any]]:
    """The event in words, and the fields that these do not have. What is not ours keeps its own words."""
    if event not in WORDS:
        return event, dict(fields)
    sentence = WORDS[event][language == "zh"]
    rest = {name: value for name, value in fields.items() if f"{{{name}}}" not in sentence}
    return sentence.format_map(_Unknown(fields)), rest
