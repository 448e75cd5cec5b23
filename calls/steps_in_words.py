"""The steps of a call's story in words, in Chinese and English, for `./wutong call` and the console. Pure.

The console gets the tables by `python -m tools.console types`, and puts the hotline's names where the terminal has ids.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from agents.model import ROBOT
from hotline.inwords import language_in_words, node_in_words
from ivr.model import KINDS
from sounds.model import choose

Words = tuple[str, str]

STEPS: Mapping[str, Words] = {
    "call-started": ("{caller} 拨打 {number}。", "{caller} called {number}."),
    "call-started/again": (
        "{caller} 再次拨打 {number}，上一通来电因故障中断。",
        "{caller} called {number} again after a failure had cut the last call off.",
    ),
    "call-resumed": ("服务恢复，从菜单接着来。", "The service was back, and the menus began again."),
    "menu-entered": ("菜单：{menu}。", "Menu: {menu}."),
    "said": ("听到：{text}", "Heard: {text}"),
    "said/interrupted": ("听到：{text}（被打断）", "Heard, until it was interrupted: {text}"),
    "key-pressed": ("按 {key}。", "Pressed {key}."),
    "key-pressed/digit": ("输入一位数字。", "Entered a digit."),
    "no-input": ("没有按键。", "Pressed nothing."),
    "invalid-key": ("按 {key}，菜单里没有。", "Pressed {key}, which leads nowhere."),
    "language-chosen": ("选择语言：{language}。", "Chose a language: {language}."),
    "closed": ("{place}不在服务时间。", "{place} was closed."),
    "closed/until": ("{place}不在服务时间，{opens} 开始服务。", "{place} was closed until {opens}."),
    "emergency-told": ("听到紧急公告。", "Heard the emergency message."),
    "recording-told": ("听到录音提示。", "Heard that talks are recorded."),
    "recording-begun": ("通话录音。", "The talk is recorded."),
    "recording-paused": ("{who}暂停录音。", "{who} paused the recording."),
    "recording-resumed": ("{who}继续录音。", "{who} went on with the recording."),
    "recorded": ("录音已保存，{time}。", "The recording was kept: {time}."),
    "recording-removed": ("录音已删除：{gone}。", "The recording was removed: {gone}."),
    "learned": ("得知 {name}：{value}。", "Learned {name}: {value}."),
    "scope-told": ("听到这件事归谁管。", "Heard whose business it is."),
    "collected": ("输入{name}：{digits}。", "Entered {name}: {digits}."),
    "sub-hotline-dialled": ("转往{to}，正在振铃。", "Put through, rings: {to}."),
    "sub-hotline-spared": ("测试呼叫到此为止，不给{to}振铃。", "The test call ends here, and does not ring at {to}."),
    "sub-hotline-answered": ("已接听：{to}。", "Answered: {to}."),
    "sub-hotline-failed": ("没有接通：{to}，{status}。", "Not reached: {to}, {status}."),
    "sub-hotline-ended": ("和{to}的通话结束：{by}。", "The talk with {to} is over: {by}."),
    "transferred": ("{agent}把来电转到{to}。", "{agent} sent the caller to {to}."),
    "transferred/consult": ("{agent}咨询后把来电交给{to}。", "{agent} asked first, then gave the caller to {to}."),
    "transfer-answered": ("已接听：{to}。", "Answered: {to}."),
    "transfer-failed": ("没有接通：{to}，{status}。", "Not reached: {to}, {status}."),
    "transfer-ended": ("和{to}的通话结束：{by}。", "The talk with {to} is over: {by}."),
    "talk-interrupted": ("{agent}的浏览器断开，市民听音乐等候。", "The browser of {agent} was gone."),
    "talk-resumed": ("{agent}的浏览器在 {time} 后恢复，通话继续。", "The browser of {agent} was back after {time}."),
    "held": ("市民被保持，听音乐。", "The caller was put on hold."),
    "unhold-asked": ("{who}取消保持。", "{who} took the caller off hold."),
    "unheld": ("保持 {time} 后继续通话。", "The talk went on after {time} of hold."),
    "consult-asked": ("{agent}咨询{to}，正在振铃。", "{agent} consults: {to}."),
    "consult-answered": ("{to}接听咨询。", "The consultation was answered: {to}."),
    "consult-joined": ("{to}加入，三方通话。", "Three in the talk: {to}."),
    "consult-failed": ("没有接通：{to}，{status}。", "Not reached: {to}, {status}."),
    "consult-ended": ("{to}退出，市民和坐席继续通话。", "The consultation is over: {to}."),
    "callback-promised": ("约定回拨，保留排队位置。", "Is to be called back, and keeps the place."),
    "callback-dialled": ("回拨：正在呼叫市民。", "The citizen is dialled."),
    "callback-dialled/agent": ("回拨：先给{agent}振铃。", "Called back: {agent} is rung first."),
    "callback-postponed": ("没有接通，稍后再拨。", "Not reached, and dialled again later."),
    "callback-taken": ("{who}领走回拨，亲自去打。", "{who} took the callback, to call the citizen."),
    "callback-returned": ("{who}把回拨退回队列。", "{who} gave the callback back to the queue."),
    "callback-answered": ("接听回拨，在原来的位置等候。", "Answered the callback, and waits at the old place."),
    "survey-offered": ("请市民评价{agent}。", "Asked what the talk with {agent} was like."),
    "survey-answered": ("第 {question} 题，按 {key}。", "Answered question {question} of the survey: {key}."),
    "survey-complete": ("评价完成。", "Answered the whole survey."),
    "survey-not-asked": ("没有请市民评价：{why}。", "Not asked what the talk was like: {why}."),
    "missed-done": ("不用再回电。", "Need not be called back."),
    "missed-done/noted": ("不用再回电，备注：{note}", "Need not be called back: {note}"),
    "message-begun": ("给{queue}留言，开始录音。", "Began to leave a message for {queue}."),
    "message-dropped": ("没有留下留言。", "No message was left."),
    "message-left": ("留言已保存，长 {time}。", "The message was kept, {time} long."),
    "message-taken": ("{who}领取了留言。", "{who} took the message."),
    "message-returned": ("{who}退回了留言。", "{who} gave the message back."),
    "message-done": ("留言已处理。", "The message is done."),
    "message-done/noted": ("留言已处理，备注：{note}", "The message is done: {note}"),
    "message-removed": ("留言已删除。", "The message was removed."),
    "routed": ("转往{to}。", "Goes on to {to}."),
    "call-finished": ("来电结束：{by}。", "The call ended: {by}."),
    "call-finished/cut": ("来电因故障中断。", "A failure cut the call off."),
    "call-out-dialled": ("{agent}呼叫 {number}，对方看到 {shown}。", "{agent} called {number}, who sees {shown}."),
    "call-out-dialled/hidden": ("{agent}呼叫市民，对方看到 {shown}。", "{agent} called a citizen, who sees {shown}."),
    "call-out-dialled/callback": (
        "给{agent}振铃，接起后回拨市民，对方看到 {shown}。",
        "Rings at {agent}, who is to call the citizen back; the citizen sees {shown}.",
    ),
    "call-out-answered": ("{agent}和市民通话。", "{agent} and the citizen talk."),
    "call-out-failed": ("没有接通：{why}。", "Not reached: {why}."),
    "call-out-ended": ("通话结束：{by}。", "The talk is over: {by}."),
    "call-out-ended/agent": ("通话结束：坐席挂断。", "The talk is over: the agent hung up."),
    "help-called": ("{agent}请求协助。", "{agent} called for help."),
    "help-over": ("{agent}取消求助。", "{agent} took the call for help back."),
    "listening-asked": ("{who}要旁听，话机振铃。", "{who} asked to listen."),
    "listening-began": ("开始旁听。", "The listening began."),
    "listening-changed": ("旁听方式改变。", "The listening changed its mode."),
    "listening-ended": ("旁听结束。", "The listening ended."),
    "leg-measured": (
        "{leg}的音质：MOS {mos}，丢包 {lost}%，抖动 {jitter_ms} 毫秒。",
        "The sound of {leg}: MOS {mos}, {lost} % lost, jitter {jitter_ms} ms.",
    ),
    "leg-measured/trip": (
        "{leg}的音质：MOS {mos}，丢包 {lost}%，抖动 {jitter_ms} 毫秒，往返 {trip_ms} 毫秒。",
        "The sound of {leg}: MOS {mos}, {lost} % lost, jitter {jitter_ms} ms, round trip {trip_ms} ms.",
    ),
    "leg-measured/silent": ("{leg}没有传来声音。", "No sound came from {leg}."),
    "sound-lost": ("5 秒没有收到{agent}的声音。", "No sound from {agent} for 5 s."),
    "sound-lost/caller": ("5 秒没有收到市民的声音。", "No sound from the caller for 5 s."),
    "sound-back": ("{agent}的声音恢复。", "The sound from {agent} is back."),
    "sound-back/caller": ("市民的声音恢复。", "The sound from the caller is back."),
    "queued": ("进入{queue}排队，第 {position} 位。", "Waits for {queue}, at place {position}."),
    "offered": ("给{agent}振铃。", "Rings at {agent}."),
    "offer-answered": ("{agent}接起。", "{agent} picked up."),
    "offer-failed": ("给{agent}振铃，{reason}。", "{agent} {reason}."),
    "offer-failed/rona": ("给{agent}振铃，{reason}；转为示忙。", "{agent} {reason}, and is not ready from now on."),
    "offer-cancelled": ("不再给{agent}振铃。", "The ring at {agent} was called off."),
    "connected": ("和{agent}通话，等了 {time}。", "Talks with {agent}, after waiting {time}."),
    "talk-ended": ("和{agent}的通话结束：{by}。", "The talk with {agent} is over: {by}."),
    "left-queue": ("离开{queue}的队列。", "Left the queue {queue}."),
    "moved": ("{who}移动来电：{to}。", "{who} moved the caller: {to}."),
    "overflowed": ("按溢出规则离开{queue}。", "Left {queue} by an overflow rule."),
    "overflowed/waited": ("等了 {limit} 秒，离开{queue}。", "Left {queue} after a wait of {limit} s."),
    "overflowed/waiting": ("已有 {limit} 人排队，离开{queue}。", "Left {queue}: {limit} callers waited already."),
    "overflowed/nobody_signed_in": ("没有坐席签入，离开{queue}。", "Left {queue}: no agent was signed in."),
    "overflowed/estimate": (
        "预计要等 {limit} 秒，离开{queue}。",
        "Left {queue}: an expected wait of {limit} s.",
    ),
    "overflowed/queue_removed": ("{queue}已被取消，离开。", "Left {queue}: it was taken out of the hotline."),
    "announced": ("听到：第 {position} 位，预计 {time}。", "Heard: place {position}, about {time}."),
    "announced/place": ("听到：第 {position} 位。", "Heard: place {position}."),
    "announced/wait": ("听到：预计 {time}。", "Heard: about {time}."),
    "announced/nobody": ("听到：现在没有坐席。", "Heard: nobody is there."),
    "announced/other": ("听到队列的提示。", "Heard a message of the queue."),
    "wrap-up-code": ("{agent}选了小结代码：{name}。", "{agent} gave a wrap-up code: {name}."),
    "note": ("{agent}的备注：{note}", "{agent} noted: {note}"),
    "note/hidden": ("{agent}写了备注。", "{agent} wrote a note."),
}
"""By kind; `kind/variant` where a step of that kind has more or less. `variant` chooses."""

PARTS: Mapping[str, Words] = {
    "agent": ("坐席 {agent}", "agent {agent}"),
    "robot": ("机器人坐席", "the robot agent"),
    "nobody": ("系统", "the system"),
    "hotline": ("热线", "The hotline"),
    "hidden": ("号码未显示", "Number hidden"),
    "front": ("队首", "the front of the queue"),
    "elsewhere": ("别处", "another place"),
    "supervisor": ("班长", "A supervisor"),
    "gone/old": ("已过保存期", "it was old"),
    "gone/forgotten": ("应要求清除", "the number was forgotten"),
    "gone/lost": ("文件不见了", "its file was gone"),
    "leg/outside": ("外线", "the outside line"),
    "leg/phone": ("{agent}的话机", "the phone of {agent}"),
    "leg/browser": ("{agent}的浏览器", "the browser of {agent}"),
    "by/caller": ("市民挂断", "the caller hung up"),
    "by/agent": ("对方挂断", "the other end hung up"),
    "by/system": ("系统结束", "ended by the system"),
    "reason/declined": ("拒接", "declined"),
    "reason/busy": ("话机占线", "was busy"),
    "reason/unreachable": ("话机不通", "could not be reached"),
    "reason/other": ("没有接", "did not answer"),
    "status/CHANUNAVAIL": ("没有话机或线路", "there is no phone or line"),
    "status/NOANSWER": ("无人接听", "no answer"),
    "status/BUSY": ("占线", "busy"),
    "status/CONGESTION": ("线路不通", "the line does not lead there"),
    "status/ANSWER": ("通话中话机断开", "the phone was gone in the middle of the talk"),
    "status/other": ("无人接听", "no answer"),
    "why/agent": ("坐席的话机没有接", "the agent's phone was not answered"),
    "why/given-up": ("坐席先挂断", "the agent hung up before"),
    "why/busy": ("占线", "busy"),
    "why/no-answer": ("无人接听", "no answer"),
    "why/declined": ("市民拒接", "the citizen declined"),
    "why/invalid": ("空号", "there is no such number"),
    "why/unreachable": ("号码不通", "the number cannot be reached"),
    "why/withdrawn": ("已不用回拨", "the callback was over"),
    "why/other": ("系统中断", "interrupted by the system"),
    "why/caller-hung-up": ("市民先挂断", "the caller hung up first"),
    "why/transferred": ("来电被转接", "the caller was transferred"),
    "why/asked-recently": ("近期已经问过", "the caller was asked not long ago"),
    "why/not-chosen": ("没有抽到", "not one of the callers who are asked"),
    "why/lost": ("通话中断", "the connection broke"),
    "with-reason": ("{words}原因：{reason}", "{words} Why: {reason}"),
}
"""What stands in these sentences."""


def variant(step: Mapping[str, Any]) -> str:
    """Which sentence of `STEPS` a step has."""
    kind = step["kind"]
    match step:
        case {"kind": "call-started", "cut": str()}:
            return "call-started/again"
        case {"kind": "call-finished", "cause": "asterisk-ended" | "machine-lost" | "asterisk-away"}:
            return "call-finished/cut"
        case {"kind": "said", "interrupted": True}:
            return "said/interrupted"
        case {"kind": "key-pressed", "key": ""}:
            return "key-pressed/digit"
        case {"kind": "closed", "opens": str()}:
            return "closed/until"
        case {"kind": "transferred", "how": "consult"}:
            return "transferred/consult"
        case {"kind": "offer-failed", "rona": True}:
            return "offer-failed/rona"
        case {"kind": "overflowed", "condition": str(condition)} if f"overflowed/{condition}" in STEPS:
            return f"overflowed/{condition}"
        case {"kind": "announced", "nobody": True}:
            return "announced/nobody"
        case {"kind": "announced"}:
            wait = step.get("wait_s") is not None
            if step.get("position") is not None:
                return "announced" if wait else "announced/place"
            return "announced/wait" if wait else "announced/other"
        case {"kind": "callback-dialled", "agent": str()}:
            return "callback-dialled/agent"
        case {"kind": "call-out-dialled", "callback": str()}:
            return "call-out-dialled/callback"
        case {"kind": "call-out-dialled"} if not step.get("number"):
            return "call-out-dialled/hidden"
        case {"kind": "call-out-ended", "by": "agent"}:
            return "call-out-ended/agent"
        case {"kind": "leg-measured", "mos": None}:
            return "leg-measured/silent"
        case {"kind": "leg-measured"} if step.get("trip_ms") is not None:
            return "leg-measured/trip"
        case {"kind": "sound-lost" | "sound-back", "side": "caller"}:
            return f"{kind}/caller"
        case {"kind": "note"} if step.get("note") is None:
            return "note/hidden"
        case {"kind": "missed-done", "note": str(note)} if note:
            return "missed-done/noted"
        case {"kind": "message-done", "note": str(note)} if note:
            return "message-done/noted"
    return str(kind)


def sentence(step: Mapping[str, Any], language: str) -> str:
    """One step in words. A kind that is not known here is shown as it is; a field that it lacks as “?”, as an older
    service says less.
    """
    words = STEPS.get(variant(step))
    if words is None:
        rest = {name: value for name, value in step.items() if name not in ("at", "kind")}
        return f"{step['kind']} {json.dumps(rest, ensure_ascii=False)}" if rest else str(step["kind"])

    def part(name: str, **fields: object) -> str:
        return PARTS[name][language != "zh"].format(**fields)

    def chosen(table: str, value: object, otherwise: str) -> str:
        return part(name if (name := f"{table}/{value}") in PARTS else f"{table}/{otherwise}")

    def agent(id: object) -> str:
        if id is None:
            return part("nobody")
        return part("robot") if id == ROBOT else part("agent", agent=id)

    def target(to: object) -> str:
        for key, value in to.items() if isinstance(to, dict) else ():
            if key == "agent":
                return agent(value)
            if key == "number" and value:
                return str(value)
            if key in KINDS and KINDS[key].section:
                return node_in_words((KINDS[key].section, value), language)
        return ""

    line = step.get("line") if step.get("line") in ("phone", "browser") else "outside"
    name = step.get("name") or step.get("code") or step.get("input") or "?"
    to = {"sub_hotline": step["sub_hotline"]} if "sub_hotline" in step else step.get("to")
    seconds = next((step[f"{span}_s"] for span in _SPANS if step.get(f"{span}_s") is not None), None)
    values = {
        **{name: _number(value) for name, value in step.items() if value is not None},
        "leg": part(f"leg/{line}", agent=agent(step.get("agent"))),
        "caller": step.get("caller") or part("hidden"),
        "place": target(step.get("place")) or part("hotline"),
        "opens": str(step.get("opens"))[:16].replace("T", " "),
        "name": choose(name, language, "zh")[1] if isinstance(name, dict) else name,
        "language": language_in_words(str(step.get("language", "?")), language),
        "to": target(to) or part("front" if step["kind"] == "moved" else "elsewhere"),
        "agent": agent(step.get("agent")),
        "time": "?" if seconds is None else f"{seconds:.0f} s",
        "by": chosen("by", step.get("by"), "system"),
        "reason": chosen("reason", step.get("reason"), "other"),
        "why": chosen("why", step.get("why"), "other"),
        "status": chosen("status", step.get("status"), "other"),
        "gone": chosen("gone", step.get("why"), "lost"),
        "limit": f"{step.get('limit') or 0:g}",
        "who": str(step.get("actor") or "").partition(":")[2] or part("supervisor"),
    }
    sentence: str = words[language != "zh"].format_map(defaultdict(lambda: "?", values))
    if step["kind"] in ("transferred", "consult-asked") and step.get("reason"):
        sentence = part("with-reason", words=sentence, reason=step["reason"])
    return (
        sentence if words[1].startswith("{who}") else sentence[:1].upper() + sentence[1:]
    )  # a user's name stays as it is


def _number(value: object) -> object:
    """A number that is whole without its fraction."""
    return f"{value:g}" if isinstance(value, float) else value


_SPANS = ("waited", "held", "away", "wait", "talked", "listened", "length")
"""Fields `…_s` with the seconds that a sentence names, of which a step has one."""
