"""Every sentence with which HTTP refuses, in English and in Chinese, side by side; `web.languages` puts them
to use. What `check` says of a hotline is in `sentences.of_check`.

One sentence a line, without its full stop. `{name}` stands for a part that differs: a name, a number, or another line.
"""

SENTENCES: tuple[tuple[str, str], ...] = (
    ("{name} was changed while it was read: publish again", "{name} 在读取时被改动：请再发布一次"),
    # who asks
    ("Sign in, or send the header Authorization: Bearer TOKEN", "请登录，或在请求头 Authorization 中写 Bearer TOKEN"),
    ("`./wutong status --json` tells the token of this installation", "本机令牌用 `./wutong status --json` 查看"),
    ("The session has ended; sign in again", "登录已过期，请重新登录"),
    ("Only Bearer tokens are accepted", "只接受 Bearer 令牌"),
    ("The token is not valid", "令牌无效"),
    ("What this account may do was changed at this moment; ask again", "这个账号的权限刚刚改了，请再试一次"),
    ("Not allowed: to {task} is for these roles: {roles}", "没有权限：{task} 只限这些角色：{roles}"),
    (
        (
            "Not allowed: to {task} is for these roles for the whole hotline, and this account is limited to a part "
            "of it: {roles}"
        ),
        "没有权限：{task} 只限管理整条热线的这些角色，而这个账号只管一部分：{roles}",
    ),
    (
        (
            "This change does not come from a page of Wutong's own: send the CSRF token that GET /api/v1/session "
            "tells in the header {header}"
        ),
        "这项修改不是来自梧桐自己的页面：请在请求头 {header} 中写 GET /api/v1/session 给出的 CSRF 令牌",
    ),
    (
        "The database could not be read since the start: people and tokens are not known yet",
        "启动以来读不了数据库：还不知道有哪些人员和令牌",
    ),
    (
        "The database could not be read since the start; people and tokens are not known yet",
        "启动以来读不了数据库：还不知道有哪些人员和令牌",
    ),
    ("Ask again later", "请稍后再试"),
    # requests
    (
        "There is nothing here; GET /openapi.json describes what there is",
        "这里什么也没有；GET /openapi.json 说明有什么",
    ),
    ("{method} is not possible here; possible: {allowed}", "这里不能用 {method}；可用：{allowed}"),
    ("other methods", "其他方法"),
    ("The filter {name} is there {count} times; send it once", "筛选条件 {name} 写了 {count} 次，请只写一次"),
    ("There is no filter {name}; known here: {names}", "没有筛选条件 {name}；这里可用：{names}"),
    ("There is no filter {name}; known here: {names} — {hint}", "没有筛选条件 {name}；这里可用：{names}；{hint}"),
    ("There is no filter {name}; this takes no filters", "没有筛选条件 {name}；这里不能筛选"),
    (
        "The Host header has a name that this service does not know; the setting host_names lists its names",
        "请求头 Host 中的名称不是本服务的；设置 host_names 列出它的名称",
    ),
    (
        "The body is larger than {count} bytes, the most that is accepted",
        "请求内容超过 {count} 字节，这是能接受的上限",
    ),
    (
        "A request has Content-Length or Transfer-Encoding, not both",
        "请求头只能有 Content-Length 或 Transfer-Encoding 之一，不能两个都有",
    ),
    (
        "This has more than {count} bytes beside its texts, the most that is accepted",
        "除文字以外超过 {count} 字节，这是能接受的上限",
    ),
    ("Wutong made a mistake; its log tells which", "梧桐出错了，详情见它的日志"),
    ("Calls are not harmed by it", "来电不受影响"),
    (
        (
            "{count} requests are being answered, {other} of them for this account or address, and that is the most; "
            "ask again in a second"
        ),
        "正在处理 {count} 个请求，其中 {other} 个来自这个账号或地址，已到上限；请过一秒再试",
    ),
    (
        "{count} requests of this account that take long are under way: ask again in a moment",
        "这个账号有 {count} 个费时的请求正在处理：请稍后再试",
    ),
    (
        (
            "There are {count} event streams, {other} of them of this account, and that is the most; close one, or "
            "ask again later"
        ),
        "事件流已有 {count} 个，其中 {other} 个属于这个账号，已到上限；请关闭一个，或稍后再试",
    ),
    ("no answer within {seconds} s", "{seconds} 秒内没有回答"),
    ("GET /readyz tells more", "详情见 GET /readyz"),
    ("The database cannot be asked: {why}", "问不到数据库：{why}"),
    ("The database did not do it: {why}", "数据库没有做成：{why}"),
    # fields of a request
    ("Field required", "必须填写"),
    ("Extra inputs are not permitted", "没有这一项"),
    ("Input should be a valid string", "应为文字"),
    ("Input should be a valid integer", "应为整数"),
    ("Input should be a valid number", "应为数字"),
    ("Input should be a valid boolean", "应为 true 或 false"),
    ("Input should be a valid dictionary", "应为键值对"),
    ("Input should be a valid list", "应为列表"),
    ("Input should be a valid dictionary or object to extract fields from", "应为键值对"),
    ("Input should be a valid integer, unable to parse string as an integer", "应为整数，给出的文字不是整数"),
    ("Input should be a valid number, unable to parse string as a number", "应为数字，给出的文字不是数字"),
    ("Input should be {names}", "只能是 {names}"),
    ("Input should be less than or equal to {most}", "最大为 {most}"),
    ("Input should be greater than or equal to {least}", "最小为 {least}"),
    ("Input should be less than {most}", "应小于 {most}"),
    ("Input should be greater than {least}", "应大于 {least}"),
    ("String should match pattern {pattern}", "写法不对，应符合 {pattern}"),
    ("String should have at most {count} characters", "最多 {count} 个字符"),
    ("String should have at least {count} characters", "至少 {count} 个字符"),
    ("String should have at most {count} character", "最多 {count} 个字符"),
    ("String should have at least {count} character", "至少 {count} 个字符"),
    ("{kind} should have at most {count} items after validation, not {given}", "最多 {count} 项"),
    ("{kind} should have at least {count} item after validation, not {given}", "至少 {count} 项"),
    ("{kind} should have at least {count} items after validation, not {given}", "至少 {count} 项"),
    ("Value error, {why}", "{why}"),
    ("JSON decode error", "不是 JSON"),
    ("has more than {count} items", "超过 {count} 项"),
    ("`agent` (an agent's id) and the role `agent` belong together", "`agent`（坐席工号）和角色 `agent` 要一起写"),
    ("it must be a number", "应为数字"),
    ("only true is possible", "只能是 true"),
    ("a note has no control characters", "备注里不能有控制字符"),
    ("give files or version, not both", "files 和 version 只能写一个"),
    (
        "has to be ISO 8601 with a zone, such as 2025-03-03T09:30:00+00:00",
        "应为带时区的 ISO 8601 时间，如 2025-03-03T09:30:00+08:00",
    ),
    # people, tokens, sessions
    ("There is no such person; GET /api/v1/users lists them", "没有这个人；GET /api/v1/users 列出所有人"),
    ("There is no such token; GET /api/v1/tokens lists them", "没有这个令牌；GET /api/v1/tokens 列出所有令牌"),
    ("There is a person {name} already", "已经有名为 {name} 的人"),
    ("There is a token {name} already; revoke that first", "已经有名为 {name} 的令牌，请先吊销它"),
    ("{name} is the name of the installation's own token", "{name} 是本机令牌的名称"),
    ("There are {count} people, and that is the most", "已有 {count} 人，已到上限"),
    ("There are {count} tokens, and that is the most", "已有 {count} 个令牌，已到上限"),
    ("{name} was removed at this moment", "{name} 刚刚被删除"),
    ("{name} signs in at the OpenID provider, and has no password here", "{name} 通过 OpenID 登录，在这里没有密码"),
    (
        "Only a person who has signed in with a password has a second factor here",
        "只有用密码登录的人在这里有第二重验证",
    ),
    (
        "No app waits for its first code: begin anew; there are {count} minutes for it",
        "没有等待首个验证码的应用：请重新开始，{count} 分钟内完成",
    ),
    ("That is not the code which the new app shows now", "这不是新应用现在显示的验证码"),
    ("Is the clock of the telephone right?", "手机的时间准吗？"),
    ("Only a person who has signed in has a password", "只有登录的人才有密码"),
    (
        "No account can be called {name}: in the audit it would be taken for somebody else",
        "账号不能叫 {name}：在审计记录里会被当成别人",
    ),
    ("You sign in at the city's provider, and have no password here", "您通过市里的统一登录，在这里没有密码"),
    ("Too many passwords are being checked at this moment; try again", "正在核对的密码太多，请再试一次"),
    ("Too many tries; wait {seconds} s, then try again", "尝试次数太多；请等 {seconds} 秒再试"),
    ("Too many people sign in at this moment; try again", "此刻登录的人太多，请再试一次"),
    ("The name, the password or the code is wrong", "名称、密码或验证码不对"),
    ("A password has {least} to {most} characters", "密码应有 {least} 到 {most} 个字符"),
    ("A password has no control characters", "密码里不能有控制字符"),
    ("A password has at least {count} different characters", "密码至少要有 {count} 个不同的字符"),
    (
        "That password is among the first that are tried: digits, a well-known word, or the name itself",
        "这个密码最容易被猜中：全是数字、常见的词，或就是名称",
    ),
    # a city's own sign-in
    ("Begin again at /api/v1/session/openid", "请从 /api/v1/session/openid 重新开始"),
    (
        "This hotline's settings name no provider: people sign in with a name and a password",
        "这条热线没有设置统一登录：请用名称和密码登录",
    ),
    (
        "This is not the browser that began to sign in, or it took more than {count} minutes",
        "这不是开始登录的那个浏览器，或登录超过了 {count} 分钟",
    ),
    ("The answer comes from another provider", "回答来自另一个登录服务"),
    ("The provider did not sign you in", "统一登录没有让您登录"),
    ("The provider did not sign you in: {why}", "统一登录没有让您登录：{why}"),
    ("The provider's id of this person cannot be used", "统一登录给出的人员编号不能用"),
    ("The name {name} belongs to another account here", "名称 {name} 在这里属于另一个账号"),
    ("An administrator can remove that one", "管理员可以删除那个账号"),
    ("The provider knows you, but gives you no role in this hotline", "统一登录认识您，但没有给您这条热线的角色"),
    ("Ask for one there", "请在那里申请"),
    (
        (
            "The provider's claim {claim} is no name for an account: letters, digits, `.`, `_` and `-`, 40 at most, "
            "a letter first"
        ),
        "统一登录的 {claim} 不能作账号名称：只能用字母、数字、`.`、`_`、`-`，最多 40 个，以字母开头",
    ),
    ("The setting openid.name_claim may name another one", "设置 openid.name_claim 可以换一项"),
    (
        "You would be an agent here, but the provider does not say which (openid.agent_claim)",
        "您在这里应是坐席，但统一登录没有说是哪一位（openid.agent_claim）",
    ),
    ("The provider refuses this service; the service's log tells why", "统一登录拒绝了本服务，原因见本服务的日志"),
    ("The provider has no key that can be used", "统一登录没有可用的密钥"),
    ("The provider's userinfo does not fit its ID token", "统一登录的 userinfo 与它的 ID 令牌不符"),
    (
        "The provider does not accept the code: it is too old, was used, or is another browser's",
        "统一登录不接受这个 code：太旧、用过，或属于另一个浏览器",
    ),
    ("The provider sent no ID token", "统一登录没有给出 ID 令牌"),
    ("The provider's ID token is for another service", "统一登录的 ID 令牌是给另一个服务的"),
    ("The provider calls itself otherwise than the setting openid.issuer", "统一登录的自称与设置 openid.issuer 不符"),
    ("The provider's ID token is not valid for this sign-in", "统一登录的 ID 令牌对这次登录无效"),
    (
        "The provider's description of itself cannot be used; the service's log tells more",
        "统一登录对自己的说明不能用，详情见本服务的日志",
    ),
    ("The city's own sign-in does not answer now", "市里的统一登录现在没有回答"),
    ("Accounts with a password still work", "用密码的账号仍可登录"),
    # agents
    ("There is no such agent; the agents of this hotline are {names}", "没有这位坐席；这条热线的坐席有 {names}"),
    (
        "There is no such agent; those that you may see or change here are {names}",
        "没有这位坐席；您在这里能看或能改的有 {names}",
    ),
    ("There is no agent {agent}", "没有坐席 {agent}"),
    (
        "There is no agent {agent}; GET /api/v1/agents lists those that there are",
        "没有坐席 {agent}；GET /api/v1/agents 列出所有坐席",
    ),
    (
        "There is no agent {agent}; GET /api/v1/agents lists who there is",
        "没有坐席 {agent}；GET /api/v1/agents 列出所有坐席",
    ),
    ("No queue needs {names}; the skills are {known}", "没有队列需要 {names}；技能有 {known}"),
    ("This hotline does not speak {names}; it speaks {known}", "这条热线不用 {names}；它用 {known}"),
    (
        "You may set the skills that your queues need ({own}), not {others}",
        "您只能设置您的队列所需的技能（{own}），不能设置 {others}",
    ),
    (
        "An account that is limited to queues may not set languages: all queues go by them",
        "限于部分队列的账号不能设置语言：所有队列都用到语言",
    ),
    ("none", "无"),
    (
        "{state} happens by calls and cannot be asked for; possible: {states}",
        "{state} 由来电产生，不能自己设；可设：{states}",
    ),
    (
        "Agent {agent} is no longer in this hotline and is signed out when the call is over",
        "坐席 {agent} 已不在这条热线中，通话结束后会签出",
    ),
    ("Agent {agent} is no longer in this hotline", "坐席 {agent} 已不在这条热线中"),
    ("Agent {agent} is {state}; only a wrap-up can be extended", "坐席 {agent} 处于 {state}；只有话后整理可以延长"),
    (
        "The wrap-up of agent {agent} waits for the wrap-up code, and lasts until then",
        "坐席 {agent} 的话后整理在等小结代码，填了才结束",
    ),
    ("A wrap-up lasts {count} minutes at most: {possible}", "话后整理最长 {count} 分钟：{possible}"),
    ("{count} more seconds are possible at most", "最多还能加 {count} 秒"),
    ("no more is possible", "不能再加"),
    (
        "Help can be called for in a talk with a caller; this agent is in none",
        "与市民通话时才能求助；这位坐席不在通话中",
    ),
    ("Asterisk did not take the password of this phone: {why}", "Asterisk 没有收下这部话机的密码：{why}"),
    ("Try again in a moment", "请稍后再试"),
    # queues
    ("There is no such queue; the queues of this hotline are {names}", "没有这个队列；这条热线的队列有 {names}"),
    ("There is no such queue; those that you may see are {names}", "没有这个队列；您能看的有 {names}"),
    ("There is no queue {queue}", "没有队列 {queue}"),
    ("There is no queue {queue}; callers can be moved to {names}", "没有队列 {queue}；来电可移到 {names}"),
    # calls
    (
        "There is no such call; GET /api/v1/calls lists the latest with their ids",
        "没有这个来电；GET /api/v1/calls 列出最近的来电及其编号",
    ),
    (
        "Live calls are not harmed by it, and are told by their state: GET /api/v1/calls?state=waiting",
        "正在进行的来电不受影响，可按状态查：GET /api/v1/calls?state=waiting",
    ),
    (
        "This account sees numbers masked and no notes, so it cannot search them",
        "这个账号看到的号码是隐藏的，也看不到备注，所以不能按号码或备注查找",
    ),
    (
        "Words are searched in {count} days at most; give a later `since`",
        "备注里的词最多在 {count} 天内查找；请把 `since` 写得晚一些",
    ),
    ("There is no such call to go on after", "没有这个来电，不能从它往后接着查"),
    (
        "Earlier calls are shown while the call rings, is talked to or wrapped up",
        "只有振铃、通话和话后整理时才能看以前的来电",
    ),
    ("A number has 3 to 20 digits", "号码要有 3 到 20 位数字"),
    ("The number of this call is hidden: nothing can be linked to it", "这个来电没有显示号码，不能关联别的号码"),
    ("That is the number of this call itself", "这就是本次来电的号码"),
    ("A citizen has {count} numbers at most; unlink one first", "一位市民最多关联 {count} 个号码；请先取消一个"),
    (
        "{number} is no number of this hotline; its numbers are {names}",
        "{number} 不是这条热线的号码；它的号码有 {names}",
    ),
    (
        "This hotline does not speak {language}; its languages are {names}",
        "这条热线不用 {language}；它的语言有 {names}",
    ),
    ("No call can be placed while Asterisk is not there: {why}", "Asterisk 不在时不能拨打：{why}"),
    ("The call could not be placed: {why}", "没有拨成：{why}"),
    (
        "the call to {number} was placed but did not come in within {seconds} s",
        "拨了 {number}，但 {seconds} 秒内没有打进来",
    ),
    # listening
    ("This account has no telephone", "这个账号没有话机"),
    (
        (
            "Name one as `phone` (an agent's id), or let an administrator make the account an agent's, too: ./wutong "
            "user role NAME --role supervisor --role agent --agent ID"
        ),
        (
            "请在 `phone` 写一部（坐席工号），或请管理员给这个账号加上坐席身份：./wutong user role NAME --role "
            "supervisor --role agent --agent ID"
        ),
    ),
    ("This account listens with its own telephone, {agent}", "这个账号用自己的话机 {agent} 旁听"),
    ("The agent has just gone from this talk, or the caller is on hold", "坐席刚刚离开了这次通话，或市民正在等候"),
    ("Telephone {agent} could not be rung", "话机 {agent} 呼不通"),
    ("Telephone {agent} does not listen to this talk", "话机 {agent} 没有旁听这次通话"),
    ("Telephone {agent} does not hear the talk yet: answer it first", "话机 {agent} 还没有听到通话：请先接听"),
    ("Asterisk did not change it, so the listening ends", "Asterisk 没有换成，旁听结束"),
    (
        "One can listen to a talk with an agent; this call is none at this moment",
        "只能旁听与坐席的通话；这个来电此刻不在通话",
    ),
    ("Telephone {agent} is in this talk itself", "话机 {agent} 自己就在这次通话中"),
    (
        "Telephone {agent} listens to this talk already; PUT changes how",
        "话机 {agent} 已在旁听这次通话；用 PUT 换方式",
    ),
    ("Telephone {agent} has another call; hang up there first", "话机 {agent} 在另一个通话中，请先挂断"),
    (
        "Telephone {agent} cannot be reached: switch it on, or open the desk in the browser",
        "话机 {agent} 联系不上：请开机，或在浏览器中打开工作台",
    ),
    ("Asterisk cannot be asked at this moment; try again", "此刻问不到 Asterisk，请再试一次"),
    # moving, transferring
    ("This caller does not wait in a queue", "这位市民不在队列中等待"),
    ("This is a test call that a robot agent answers", "这是由机器人坐席接听的测试呼叫"),
    ("This caller talks with agent {agent}", "这位市民正与坐席 {agent} 通话"),
    (
        "This caller is just being offered to agent {names}; without an answer the caller can be moved after that",
        "这位市民正派给坐席 {names}；没有接听的话，之后可以移动",
    ),
    (
        "This caller is at the front of queue {queue} already, at position {count}",
        "这位市民已在队列 {queue} 的最前面，第 {count} 位",
    ),
    ("This caller waits in queue {queue} already", "这位市民已在队列 {queue} 中等待"),
    (
        "Agent {agent} {state}; only an agent who is ready or in wrap-up, with a free phone, can be rung",
        "坐席 {agent} {state}；只能呼叫就绪或话后整理、话机空闲的坐席",
    ),
    ("gets no offers for a moment, as the last ring failed", "上次没有呼通，暂不派话"),
    ("is {state}, but the phone is {phone}", "处于 {state}，但话机是 {phone}"),
    ("is {state}", "处于 {state}"),
    (
        "An agent has just answered this caller; ask again once it is known what came of it",
        "刚有坐席接听这位市民；等有了结果再试",
    ),
    ("The call is in the menus, or on its way to another place", "来电在菜单里，或正转往别处"),
    ("The call is a conversation", "来电在通话中"),
    ("The call is at the goodbye", "来电在听结束语"),
    ("The call has ended", "来电已结束"),
    (
        "Nobody talks with this caller; POST /api/v1/calls/{id}/move moves who waits",
        "没有人在与这位市民通话；等待中的来电请用 POST /api/v1/calls/{id}/move 移动",
    ),
    ("Somebody else talks with this caller by now", "现在是别人在与这位市民通话"),
    ("Agent {agent} talks with this caller already", "坐席 {agent} 已在与这位市民通话"),
    ("No number outside can be dialled: the installation has no trunk", "不能拨外部号码：没有外线"),
    ("The hotline allows these numbers outside: {names}", "热线允许的外部号码有 {names}"),
    ("Not {number}", "没有 {number}"),
    ("There is no {place} in the hotline that is in use", "在用的热线里没有 {place}"),
    ("agent {name}", "坐席 {name}"),
    ("queue {name}", "队列 {name}"),
    ("menu {name}", "菜单 {name}"),
    ("sub-hotline {name}", "分热线 {name}"),
    ("number {name}", "号码 {name}"),
    ("the front", "最前面"),
    ("Nobody talks with this caller any more", "已经没有人在与这位市民通话"),
    # holding, consulting, dialling
    (
        "`{what}` is not possible with this caller now; what is possible: {can}",
        "现在不能对这位市民做 `{what}`；可以做：{can}",
    ),
    ("The phone of agent {agent} cannot be reached", "坐席 {agent} 的话机联系不上"),
    (
        "Asterisk cannot be asked at this moment, and the talk goes on; try again",
        "此刻问不到 Asterisk，通话继续；请再试一次",
    ),
    ("One cannot consult a menu", "菜单不能咨询"),
    ("Queue {name} has no extension, so no agent can call it", "队列 {name} 没有分机号，坐席无法呼叫"),
    ("Queue {name} is closed now, so there is nobody to ask", "队列 {name} 现在不在服务时间，没有人可以咨询"),
    (
        "No agent of queue {name} is signed in, so there is nobody to ask",
        "队列 {name} 没有坐席签入，没有人可以咨询",
    ),
    ("Send the caller there blind", "请直接转过去"),
    ("Agents may dial {names}", "坐席可拨的号码有 {names}"),
    (
        "The phone of agent {agent} has a call, or rings; it can dial once it is free",
        "坐席 {agent} 的话机在通话或振铃；空闲后才能拨打",
    ),
    ("The phone of agent {agent} could not be rung", "坐席 {agent} 的话机呼不通"),
    (
        "Asterisk cannot be asked at this moment, and everything stays as it is; try again",
        "此刻问不到 Asterisk，一切保持原样；请再试一次",
    ),
    ("The one who was consulted has just gone, or is somebody else by now", "被咨询的人刚刚离开，或已换成别人"),
    (
        "The phone of the agent is not alone with this caller at this moment; try again",
        "此刻该坐席的话机与来电者之间还有别的线路，请再试一次",
    ),
    ("nothing", "无"),
    # wrap-up codes
    ("The queue {queue} has no wrap-up codes", "队列 {queue} 没有小结代码"),
    ("There are no codes for it", "它没有小结代码"),
    (
        "The queue {queue} has no wrap-up code {code}; it has {names}",
        "队列 {queue} 没有小结代码 {code}；它有 {names}",
    ),
    (
        "The talk ended more than an hour ago; it was possible until {moment}",
        "通话已结束一个多小时；只能填到 {moment}",
    ),
    # emergency messages
    (
        (
            "The draft voice speaks it, and callers hardly understand that: switch on a recording in its place, "
            "from the console or *90 on a phone"
        ),
        "它由草稿语音说出，市民很难听懂：请在控制台录音，或用话机拨 *90 录音，替换这段语音",
    ),
    (
        (
            "Nothing is on yet, as only the draft voice can speak {names} here, and callers hardly understand it: "
            "record it instead, or send `draft: true` to switch it on all the same"
        ),
        "还没有打开：这里只有草稿语音能读 {names} 的内容，市民很难听懂。请改用录音；如仍要打开，请加上 `draft: true`",
    ),
    (
        "It has no words in {names}: those callers hear it in {others}",
        "它没有 {names} 的内容：那些市民会听到 {others} 的",
    ),
    ("No message is on: give its texts, or recordings", "没有开启的公告：请写出内容，或录音"),
    (
        "{count} places have a message, and that is the most: switch one off first",
        "已有 {count} 处在播放公告，已到上限：请先关闭一处",
    ),
    (
        "`after` leads to the place itself: use the mode `before`",
        "`after` 就是这个地方：请用 `before`",
    ),
    ("There is no recording {name} (any more): record it again", "录音 {name} 已经没有了：请重新录"),
    ("There is no such recording (any more)", "没有这个录音（或已删除）"),
    (
        "Nothing was changed: the next start could not know of it ({why})",
        "没有改动：写不下来，下次启动就不知道了（{why}）",
    ),
    (
        "{count} recordings are kept already, and that is the most; they go after a day",
        "已存了 {count} 个录音，已到上限；过一天会自动删除",
    ),
    ("The message was not switched on: {why}", "公告没有开启：{why}"),
    (
        "{moment} is over, or less than a minute away: give a later end",
        "{moment} 已过，或不到一分钟：请写更晚的结束时间",
    ),
    (
        (
            "{moment} is more than {duration} away, and a message is on for so long at most: give an earlier end, "
            "and renew the message before it"
        ),
        "离 {moment} 超过 {duration}，公告最长只能开这么久：请写早一些的结束时间，到期前再延长",
    ),
    (
        (
            "{text} is no end: write a time such as 06:00, how long such as 2h, or a date with a time such as "
            "2025-03-03 06:00"
        ),
        "{text} 不是结束时间：请写 06:00 这样的时刻、2h 这样的时长，或 2025-03-03 06:00 这样的日期和时刻",
    ),
    ("{given} is not a duration: {hint}", "{given} 不是时长：{hint}"),
    ("the duration {given} has no unit: {hint}", "时长 {given} 没有单位：{hint}"),
    ("the duration {given} is negative: {hint}", "时长 {given} 是负数：{hint}"),
    (
        "`after` is for the mode `instead`: after a message before the menus come the menus",
        "`after` 只用于 `instead`：菜单之前的公告，之后就是菜单",
    ),
    ("This hotline has no {section} {name}; there are: {names}", "这条热线没有{section} {name}；有：{names}"),
    (
        "Its first menu has no way to a person, neither by key 0 nor without a key: name a queue",
        "它的第一个菜单不通人工，按 0 或不按键都不行：请写一个队列",
    ),
    (
        "{count} people have a PIN, and that is the most: take one away first",
        "已有 {count} 人有值班密码，已到上限：请先取消一个",
    ),
    (
        (
            "{name} may not switch emergency messages, so a PIN would not count: change the person's roles first "
            "(docs/roles.md)"
        ),
        "{name} 无权开关紧急公告，值班密码不会有效：请先改此人的角色（docs/roles.md）",
    ),
    ("The PIN was not changed: {why}", "值班密码没有改：{why}"),
    (
        "This person has no PIN; GET /api/v1/emergency/pins lists who has",
        "此人没有值班密码；GET /api/v1/emergency/pins 列出有的人",
    ),
    # recordings
    ("The recording did not arrive whole", "录音没有完整送达"),
    (
        "It cannot be read as WAV, FLAC, Ogg Vorbis or MP3 (which needs the package libsox-fmt-mp3)",
        "它不能读作 WAV、FLAC、Ogg Vorbis 或 MP3（MP3 需要软件包 libsox-fmt-mp3）",
    ),
    ("It is longer than {seconds} s: divide the text", "它超过 {seconds} 秒：请拆分文字"),
    ("It is over before anything can be understood: record it again", "太短，什么也听不清：请重新录"),
    (
        "Nothing can be heard in it: look at the microphone and its mute switch, and record it again",
        "里面没有声音：请检查麦克风和静音开关，再录一次",
    ),
    (
        "It is too loud and crackles: move away from the microphone or turn it down, and record it again",
        "声音太大，有爆音：请离麦克风远些或调低音量，再录一次",
    ),
    (
        "The hotline in use has no such text; GET /api/v1/prompts lists them by `key`",
        "在用的热线没有这段文本；GET /api/v1/prompts 按 `key` 列出",
    ),
    ("There is no recording of this text", "这段文本没有录音"),
    (
        "There is no such prompt, or no sound for it yet; GET /api/v1/prompts lists them",
        "没有这段提示语，或还没有声音；GET /api/v1/prompts 列出所有提示语",
    ),
    ("Somebody has kept or removed a recording of this text meanwhile", "有人刚刚存了或删了这段文本的录音"),
    ("Load the prompts again and listen", "请重新载入提示语，听一听"),
    ("Nothing was changed", "没有改动"),
    ("Mend this first: {what}", "请先改正：{what}"),
    ("{folder}recordings.yaml:{line}:{count}: {why}", "{folder}recordings.yaml:{line}:{count}：{why}"),
    (
        (
            'Send If-Match: "TAG" with the `recording` that GET /api/v1/prompts tells, or If-None-Match: * if there '
            "is none: so nobody overwrites what somebody else has recorded"
        ),
        (
            '请在请求头 If-Match 写 "TAG"，即 GET /api/v1/prompts 给出的 `recording`；还没有录音则写 If-None-Match: '
            "*：这样谁也不会覆盖别人的录音"
        ),
    ),
    ("The recording {name} cannot be used: {why}", "录音 {name} 不能用：{why}"),
    (
        "{count} recordings are being kept at this moment, the most at one time; try again",
        "正在存 {count} 个录音，已到上限；请再试一次",
    ),
    ("The recording was not kept: {why}", "录音没有存下：{why}"),
    ("The hotline is being reloaded at this moment; try again when that is done", "热线正在重新载入；完成后请再试"),
    ("The recordings stay as they are: {why}", "录音保持原样：{why}"),
    ("{folder} is read-only for the service", "服务对 {folder} 只能读"),
    ("docs/prompts.md says how to open it for a unit or a container", "docs/prompts.md 说明如何让服务单元或容器可写"),
    (
        "the service runs as the user {user}, who may not write in {folder}",
        "服务以用户 {user} 运行，它不能写 {folder}",
    ),
    ("As root: {command}", "请以 root 执行：{command}"),
    (
        "{file} cannot be edited here: write each recording on a line of its own, or edit it yourself",
        "这里改不了 {file}：请让每个录音各占一行，或自己编辑",
    ),
    ("{folder} leads out of {prompts}: make it a folder there", "{folder} 指到 {prompts} 之外：请在那里建文件夹"),
    # a draft
    ("Other work on drafts is under way: ask again in a moment", "正在处理别的草稿：请稍后再试"),
    ("This took longer than {seconds} s: make the draft smaller", "处理超过 {seconds} 秒：请把草稿改小"),
    ("The answer is too long: make the draft smaller", "结果太长：请把草稿改小"),
    ("The draft needs too much memory ({what}): make it smaller", "草稿占用内存太多（{what}）：请改小"),
    ("The program that works on drafts has ended: try again", "处理草稿的程序中断了：请再试一次"),
    ("There is no version of that number", "没有这个编号的版本"),
    ("a text has half of a character", "文字里有半个字符"),
    ("{file} cannot be read: correct line {line} first", "读不了 {file}：请先改正第 {line} 行"),
    ("{file} has no place {path}: look at the file again", "{file} 里没有 {path}：请再看一下文件"),
    (
        "{file} is written in an unusual way in line {line}: edit this in the file itself",
        "{file} 第 {line} 行的写法特殊：请直接在文件里改",
    ),
    (
        "{file} would be too large or too deep with this, or could not be read: write less",
        "这样改会让 {file} 太大、层次太深或读不了：请写少一些",
    ),
    (
        "No walk told of such a sound lately; POST /api/v1/drafts/walk tells addresses",
        "最近的试走没有这个声音；地址由 POST /api/v1/drafts/walk 给出",
    ),
    ("The hotline has no language {language}; it has {names}", "热线没有语言 {language}；它有 {names}"),
    ("The hotline has no language of that name; it has {names}", "热线没有这种语言；它有 {names}"),
    ("{number} is no number of this hotline; its numbers: {names}", "{number} 不是这条热线的号码；它的号码：{names}"),
    ("the hotline does not speak {language}; its languages: {names}", "热线不用 {language}；它的语言：{names}"),
    ("{text} is no time: write 2026-10-01 09:00", "{text} 不是时间：请写 2026-10-01 09:00 这样的日期和时刻"),
    (
        "{text} is no time: write 2026-10-01 09:00, or 09:00 for today",
        "{text} 不是时间：请写 2026-10-01 09:00，今天的可只写 09:00",
    ),
    ("The calls cannot be counted: {why}", "数不了来电：{why}"),
    ("The picture took longer than {seconds} s", "画图超过 {seconds} 秒"),
    ("The picture could not be drawn; the log says why", "图没有画成，原因见日志"),
    ("Wutong made a mistake with this draft; its log tells which", "梧桐处理这份草稿时出错了，详情见它的日志"),
    # versions
    (
        "Version {count} cannot be used: its {what} is lost or damaged in {folder}",
        "版本 {count} 不能用：{folder} 中它的 {what} 丢失或损坏",
    ),
    (
        "A backup brings it back (./wutong restore); or publish the hotline's folder",
        "可用备份恢复（./wutong restore），或发布热线的文件夹",
    ),
    ("Somebody else has published meanwhile", "别人刚刚发布了"),
    ("Version {count} of {name} is in use", "在用的是 {name} 的版本 {count}"),
    ("Look at what changed, then publish again", "请先看改了什么，再发布"),
    (
        (
            'Send If-Match: "TAG" with the ETag of GET /api/v1/versions/current: so nobody overwrites what somebody '
            "else has published"
        ),
        '请在请求头 If-Match 写 "TAG"，即 GET /api/v1/versions/current 的 ETag：这样谁也不会覆盖别人发布的',
    ),
    ("No version is kept yet", "还没有保存任何版本"),
    ('Publish with If-Match: "{count}"', '发布时请写 If-Match: "{count}"'),
    (
        "There is no version {count}; GET /api/v1/versions lists those that are kept",
        "没有版本 {count}；GET /api/v1/versions 列出保存的版本",
    ),
    ("There is no version {count}; ./wutong versions lists them", "没有版本 {count}；./wutong versions 列出所有版本"),
    ("Version {count} cannot be read: {why}", "读不了版本 {count}：{why}"),
    ("its format is {given}, and this Wutong reads {known}", "它的格式是 {given}，这个梧桐只读 {known}"),
    ("it is not as it was written", "内容与写下时不符"),
    ("its files are not those that were published", "其中的文件不是发布时的"),
    ("it is no version", "它不是版本"),
    ("it is too large", "它太大"),
    ("it is version {count}", "它是版本 {count}"),
    ("The edited hotline was not taken into use: {why}", "改过的热线没有启用：{why}"),
    ("The hotline was not published: {why}", "热线没有发布：{why}"),
    ("The version was not put on trial: {why}", "版本没有开始试用：{why}"),
    ("The line of news cannot be kept: {why}", "通知存不下来：{why}"),
    ("The hotline cannot be kept as a version: {why}", "热线不能存为版本：{why}"),
    ("a file is not UTF-8 text", "有文件不是 UTF-8 文本"),
    ("{file} cannot be read", "读不了 {file}"),
    (
        "the password in {file}, line {line}, cannot be taken out: write the agent's id before it",
        "{file} 第 {line} 行的密码取不出来：请在它前面写坐席工号",
    ),
    ("Callers would notice nothing: there is nothing to try", "市民不会察觉任何变化：没有可试用的"),
    (
        "Menus and what callers hear there can be on trial, and the rest belongs to all callers at once",
        "能试用的只有菜单和其中的话，其余对所有来电同时生效",
    ),
    ("Here these differ too: {names}", "这里还有不同：{names}"),
    ("Publish that for all first, then the menus on trial", "请先对所有来电发布那些，再试用菜单"),
    ("Version {count} has errors now", "版本 {count} 现在有错误"),
    ("The version in use, or what is recorded, is another one since", "在用的版本或记录后来变了"),
    (
        (
            "Version {count} of {name} was published elsewhere, and nobody has edited the hotline's folder since: it "
            "would undo that version"
        ),
        "{name} 在别处发布了版本 {count}，之后没有人改过热线的文件夹：启用它会撤销那个版本",
    ),
    (
        "The folder has the files of version {count}, which was put on trial; version {other} of {name} is in use",
        "文件夹里是试用过的版本 {count} 的文件；在用的是 {name} 的版本 {other}",
    ),
    ("To have the version in the folder: {command}", "要把那个版本放进文件夹：{command}"),
    ("To use the folder all the same: {command}", "仍要用文件夹的：{command}"),
    ("To use it for all callers: {command}", "要对所有来电启用：{command}"),
    # running
    ("Nobody would start this service again: {why}", "没有谁会再启动这个服务：{why}"),
    ("The hotline stays as it is: {why}", "热线保持原样：{why}"),
    (
        "`{command}` took longer than {seconds} s: give it on the machine itself",
        "`{command}` 超过 {seconds} 秒：请在机器上执行",
    ),
    ("`{command}` did not work; the log says why", "`{command}` 没有成功，原因见日志"),
    (
        "The database does not have the latest Records yet, so nothing was done",
        "数据库还没有最新的记录，所以什么也没做",
    ),
    ("GET /readyz tells more; try again once it is ready", "详情见 GET /readyz；就绪后请再试"),
    # sounds
    ("{program} took longer than {seconds} seconds", "{program} 超过 {seconds} 秒"),
    ("{program} ended with status {count}: {why}", "{program} 以状态 {count} 结束：{why}"),
    ("{program} cannot be started: {why}", "{program} 无法启动：{why}"),
    ("{program} failed: {why}", "{program} 失败：{why}"),
    ("the examination of a recording", "录音的检查"),
    ("the natural voice", "自然语音"),
    ("a text without words in any language: give it one", "文本没有任何语言的文字：请写一种"),
)
