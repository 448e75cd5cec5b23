import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  asterisk: { zh: "与 Asterisk 的连接", en: "Link to Asterisk" },
  asteriskDo: {
    zh: "连接中断时不会振铃坐席。请在服务器上看 Asterisk 是否在运行：systemctl status wutong-asterisk。",
    en: "Without it nobody is rung. Is Asterisk running? On the machine: systemctl status wutong-asterisk.",
  },
  intake: { zh: "接入新来电", en: "New calls" },
  intakeDo: {
    zh: "维护结束后，在本页“维护”处点“恢复接入”。",
    en: "When the maintenance is over, open the hotline again: see Maintenance on this page.",
  },
  emergency: { zh: "紧急公告", en: "Emergency message" },
  emergencyDo: {
    zh: "所有新来电都会听到。不需要了就在“紧急公告”页关闭；到时间会自动关闭。",
    en: "Every new caller hears it. If it is needed no more, switch it off on the page Emergency; it ends by itself.",
  },
  database: { zh: "数据库", en: "Database" },
  databaseDo: {
    zh: "来电不受影响，但历史、报表和人员管理不可用。请看数据库是否在运行，磁盘是否已满。",
    en: "Calls go on; history, reports and people do not. Is the database running, is its disk full?",
  },
  journal: { zh: "记录写入", en: "Journal" },
  journalDo: {
    zh: "记录暂存在本机，数据库恢复后自动补写。请看数据库和磁盘。",
    en: "Records wait on this machine and are written later. Look at the database and the disk.",
  },
  voice: { zh: "语音合成", en: "Voice" },
  voiceDo: {
    zh: "有些语句市民听不懂。请安装自然语音：./wutong prompts install，然后在“配置”页启用。",
    en: "Callers will not understand some texts. Install the natural voice: ./wutong prompts install; then reload.",
  },
  accounts: { zh: "人员和令牌", en: "People and tokens" },
  accountsDo: {
    zh: "启动后还没能从数据库读出人员，暂时不能登录。请看数据库。",
    en: "They could not be read since the start, so nobody can sign in. Look at the database.",
  },

  waiting: { zh: "排队市民", en: "Callers who wait" },
  aloneDo: {
    zh: "有人排队，但没有坐席在岗。请联系班长；看话机是否注册、网络是否通畅。",
    en: "Somebody waits, and no agent is at work with a phone that can be reached. Call a supervisor; do the phones register, is the network up?",
  },
  queueAloneDo: {
    zh: "这些队列有人排队，但没有能接的坐席在岗。请联系班长，或给队列设置溢出。",
    en: "Somebody waits in these queues, and none of their agents is at work. Call a supervisor, or give the queue an overflow.",
  },
  longestWait: { zh: "最长等待", en: "Longest wait" },
  longestWaitDo: {
    zh: "请联系班长；看有没有话机不通的坐席。",
    en: "Call a supervisor; is an agent's phone unreachable?",
  },
  lag: { zh: "Asterisk 响应时间", en: "Asterisk answers within" },
  lagDo: {
    zh: "坐席会晚振铃同样的时间。看服务器是否过忙（top）、Asterisk 日志有无错误；必要时调低 max_calls。",
    en: "Agents are rung later by as much. Is the machine busy (top), does Asterisk log errors? Lower max_calls for fewer calls.",
  },
  behind: { zh: "数据库落后", en: "Database behind by" },
  behindDo: { zh: "请看数据库是否在运行、是否过慢。", en: "Is the database running, and quick enough?" },
  spool: { zh: "本机暂存", en: "Spool" },
  spoolDo: {
    zh: "记录没有保存在本机，服务若被强行终止会丢失。请看数据目录所在磁盘。",
    en: "Records are not kept on this machine: a kill of the service would lose some. Look at the disk of the state folder.",
  },
  lost: { zh: "丢失的记录", en: "Records lost" },
  lostDo: {
    zh: "统计和来电经过会有缺口。请看磁盘和数据库；日志里有开始时间。",
    en: "Figures and stories of calls have holes. Look at the disk and the database; the log says since when.",
  },
  refused: { zh: "因线路已满未接入的来电", en: "Calls without a place" },
  refusedDo: {
    zh: "可能有人恶意拨打，也可能上限太低。请看 max_calls（docs/security.md）。",
    en: "A flood, or too low a limit? See max_calls in docs/security.md.",
  },
  files: { zh: "打开的文件", en: "Open files" },
  filesDo: { zh: "请调高 LimitNOFILE。", en: "Raise LimitNOFILE." },
  cpu: { zh: "处理器占用", en: "Processor" },
  cpuDo: {
    zh: "服务最多只能用满一个核。请看 docs/operations.md 的容量一节。",
    en: "The service can use one core. See Capacity in docs/operations.md.",
  },
  guessed: { zh: "正在被猜密码的话机", en: "Phones whose password is guessed" },
  guessedDo: {
    zh: "日志里有坐席和来源地址（phone-password-guessed）。自动生成的密码猜不中；自己定的请换掉。请看 docs/security.md。",
    en: "The log has the agent and the address (phone-password-guessed). A generated password holds; replace one of your own. See docs/security.md.",
  },
  http: { zh: "被拒绝的网页请求", en: "Requests turned away" },
  httpDo: { zh: "打开的画面或程序太多，请关掉一些。", en: "Too many screens or programs are open. Close some." },
  auditLost: { zh: "丢失的审计记录", en: "Audit entries lost" },
  auditLostDo: { zh: "请看数据库；日志里有这些记录。", en: "Look at the database; the log has them." },
  faults: { zh: "程序自身的错误", en: "Faults of the program" },
  faultsDo: {
    zh: "来电不受影响。这是我们的错误，请把日志里的错误信息反馈给开发者。",
    en: "Calls go on. It is a mistake of ours: report it with the traceback from the log.",
  },
  purged: { zh: "距上次清理旧数据", en: "Old data removed before" },
  purgedDo: {
    zh: "市民号码保存得过久。日志里有原因（not-purged）；也可以执行 ./wutong purge。",
    en: "Callers' numbers are kept too long. The log says why (not-purged); ./wutong purge does it.",
  },

  packages: { zh: "程序包", en: "Packages" },
  packagesDo: { zh: "请用 ./wutong 启动。", en: "Start with ./wutong." },
  libraries: { zh: "依赖库", en: "Libraries" },
  librariesDo: { zh: "请删除 .venv，再运行 ./wutong check。", en: "Remove .venv and start ./wutong again." },
  network: { zh: "网络加密", en: "Encryption" },
  networkDo: {
    zh: "通话和网页可能被窃听。请配置证书（docs/network.md）。",
    en: "What is sent can be read on the way. Set up a certificate (docs/network.md).",
  },
  soundPrograms: { zh: "音频程序", en: "Sound programs" },
  soundProgramsDo: { zh: "请按提示安装软件包。", en: "Install the packages that it names." },
  asteriskProgram: { zh: "Asterisk 程序", en: "Asterisk" },
  asteriskProgramDo: {
    zh: "请安装所需版本，或让 ./wutong up 自动准备一个。",
    en: "Install the version that is needed, or let ./wutong up make one.",
  },
  asteriskAge: { zh: "Asterisk 的新旧", en: "Asterisk's age" },
  asteriskAgeDo: {
    zh: "请在维护时更新：./wutong up --update-asterisk。",
    en: "Renew it in a maintenance: ./wutong up --update-asterisk.",
  },
  names: { zh: "主机名解析", en: "Host name" },
  namesDo: {
    zh: "请在 /etc/hosts 里写上本机名，否则来电会等上几秒。",
    en: "Put the name into /etc/hosts; else callers wait for seconds.",
  },
  disk: { zh: "磁盘空间", en: "Disk" },
  diskDo: { zh: "请腾出空间。", en: "Make room." },
  stateFolder: { zh: "数据目录", en: "State folder" },
  stateFolderDo: { zh: "请按提示修正权限。", en: "Correct its mode as it says." },
  users: { zh: "系统用户和文件归属", en: "Users and files" },
  usersDo: {
    zh: "请以 root 运行一次 ./wutong up，它会建立用户、修正归属。",
    en: "As root, ./wutong up makes the users and gives each file its owner.",
  },
  hotline: { zh: "热线配置", en: "Hotline's folder" },
  hotlineDo: { zh: "请到“配置”页查看每一处问题。", en: "The page Hotline lists each problem." },
  departments: { zh: "分热线", en: "Sub-hotlines" },
  departmentsDo: {
    zh: "转给它们的来电接不通。请看话机是否开机、注册。",
    en: "Calls put through to them reach nobody. Are their phones switched on and registered?",
  },
  ports: { zh: "端口", en: "Ports" },
  portsDo: {
    zh: "别的程序占用了端口：请停掉它，或换一组端口。",
    en: "Another program has a port: stop it, or use others.",
  },
  supervisor: { zh: "守护进程", en: "Supervisor" },
  supervisorDo: {
    zh: "程序退出后不会自动重启。请运行 ./wutong up。",
    en: "What ends is not started again: ./wutong up.",
  },
  service: { zh: "服务进程", en: "Service" },
  serviceDo: { zh: "请看日志最后几行，再运行 ./wutong up。", en: "See the last lines of its log, then ./wutong up." },
  modules: { zh: "Asterisk 模块", en: "Asterisk's modules" },
  modulesDo: { zh: "有模块没有加载，请看 Asterisk 的日志。", en: "Some do not run: see Asterisk's log." },
  ami: { zh: "Asterisk 管理接口", en: "Asterisk's manager" },
  amiDo: { zh: "请重启 Asterisk（会中断所有通话）。", en: "Restart Asterisk, which ends all calls." },
} as const satisfies Texts;
