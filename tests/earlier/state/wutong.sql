BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0012');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DOUBLE NOT NULL, 
	actor TEXT NOT NULL, 
	what TEXT NOT NULL, 
	target TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	address TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,1.79607255731320977e+09,'token:local','agent-state','/agents/1003/state','','127.0.0.1',200);
INSERT INTO "audit" VALUES(2,1.79607255792636132e+09,'token:local','calls-listed','/calls','','127.0.0.1',200);
INSERT INTO "audit" VALUES(3,1.79607255996084618e+09,'token:local','call-read','/calls/1a22e444b30-c050c7e0','','127.0.0.1',200);
INSERT INTO "audit" VALUES(4,1.79607256010404443e+09,'token:local','agent-state','/agents/1001/state','','127.0.0.1',200);
INSERT INTO "audit" VALUES(5,1.79607256017558503e+09,'token:local','agent-state','/agents/1002/state','','127.0.0.1',200);
INSERT INTO "audit" VALUES(6,1.79607256223304724e+09,'token:local','call-held','/calls/1a22e445a34-2ba75703/hold','','127.0.0.1',200);
INSERT INTO "audit" VALUES(7,1.79607256330505013e+09,'token:local','call-transferred','/calls/1a22e445e4f-a860ff9d/transfer','consult to agent 1005','127.0.0.1',200);
INSERT INTO "audit" VALUES(8,1.79607256816688728e+09,'token:local','call-read','/calls/1a22e445a34-2ba75703','','127.0.0.1',200);
INSERT INTO "audit" VALUES(9,1.79607256823500227e+09,'token:local','call-read','/calls/1a22e445e4f-a860ff9d','','127.0.0.1',200);
INSERT INTO "audit" VALUES(10,1.79607256829090404e+09,'token:local','call-read','/calls/1a22e4462d3-c9ecf310','','127.0.0.1',200);
INSERT INTO "audit" VALUES(11,1.79607256832418489e+09,'token:local','call-read','/calls/1a22e44725f-efab8a2e','','127.0.0.1',200);
INSERT INTO "audit" VALUES(12,1.79607257021240353e+09,'token:local','calls-listed','/calls','','127.0.0.1',200);
INSERT INTO "audit" VALUES(13,1.7960725702470808e+09,'token:local','call-read','/calls/1a22e447bf6-afb764b4','','127.0.0.1',200);
INSERT INTO "audit" VALUES(14,1.79607257026349377e+09,'token:local','call-read','/calls/1a22e447b14-a3c48769','','127.0.0.1',200);
INSERT INTO "audit" VALUES(15,1.79607257029606747e+09,'token:local','call-read','/calls/1a22e4473c2-7d6986ee','','127.0.0.1',200);
INSERT INTO "audit" VALUES(16,1.79607257030736398e+09,'token:local','call-read','/calls/1a22e44725f-efab8a2e','','127.0.0.1',200);
INSERT INTO "audit" VALUES(17,1.79607257032791876e+09,'token:local','call-read','/calls/1a22e4462d3-c9ecf310','','127.0.0.1',200);
INSERT INTO "audit" VALUES(18,1.79607257036832714e+09,'token:local','call-read','/calls/1a22e445e4f-a860ff9d','','127.0.0.1',200);
INSERT INTO "audit" VALUES(19,1.79607257039435935e+09,'token:local','call-read','/calls/1a22e445a34-2ba75703','','127.0.0.1',200);
INSERT INTO "audit" VALUES(20,1.79607257043211507e+09,'token:local','call-read','/calls/1a22e44565a-6e67b628','','127.0.0.1',200);
INSERT INTO "audit" VALUES(21,1.79607257051766181e+09,'token:local','call-read','/calls/1a22e444b30-c050c7e0','','127.0.0.1',200);
CREATE TABLE calls (
	id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	caller TEXT NOT NULL, 
	number TEXT NOT NULL, 
	language TEXT NOT NULL, 
	queue TEXT, 
	agent TEXT, 
	started DOUBLE NOT NULL, 
	queued DOUBLE, 
	answered DOUBLE, 
	ended DOUBLE, 
	outcome TEXT, 
	offers INTEGER NOT NULL, onward JSON, test BOOLEAN DEFAULT 0 NOT NULL, sub_hotline TEXT, code TEXT, 
	CONSTRAINT pk_calls PRIMARY KEY (id)
);
INSERT INTO "calls" VALUES('1a22e444b30-c050c7e0','ended','13800000001','12319','zh','general','1003',1.79607255736983966e+09,1.79607255777028012e+09,1.79607255809935331e+09,1.79607255983516788e+09,'answered',0,NULL,0,NULL,NULL);
INSERT INTO "calls" VALUES('1a22e44565a-6e67b628','talking','13800000002','12319','zh','greening','1001',1.79607256022693133e+09,1.79607256054125499e+09,1.79607256064246106e+09,NULL,'answered',0,NULL,0,NULL,NULL);
INSERT INTO "calls" VALUES('1a22e445a34-2ba75703','talking','13800000003','12319','zh','greening','1002',1.79607256121870708e+09,1.79607256153942465e+09,1.7960725616140449e+09,NULL,'answered',0,NULL,0,NULL,NULL);
INSERT INTO "calls" VALUES('1a22e445e4f-a860ff9d','talking','13800000004','12319','zh','general','1003',1.79607256226382637e+09,1.79607256258172273e+09,1.79607256267510128e+09,NULL,'answered',0,NULL,0,NULL,NULL);
INSERT INTO "calls" VALUES('1a22e4462d3-c9ecf310','talking','13800000005','12319','zh',NULL,NULL,1.79607256342414236e+09,NULL,1.79607256737899041e+09,NULL,'sub-hotline',0,'{"sub_hotline": "gas"}',0,'gas',NULL);
INSERT INTO "calls" VALUES('1a22e44725f-efab8a2e','waiting','13800000006','12319','zh','general',NULL,1.79607256739542317e+09,1.79607256770102882e+09,NULL,NULL,'overflowed',0,NULL,0,NULL,NULL);
INSERT INTO "calls" VALUES('1a22e4473c2-7d6986ee','waiting','13800000007','12319','zh','greening',NULL,1.79607256774755811e+09,1.79607256806040453e+09,NULL,NULL,NULL,0,NULL,0,NULL,NULL);
INSERT INTO "calls" VALUES('1a22e447b14-a3c48769','menu','13800000008','12319','zh',NULL,NULL,1.79607256962102818e+09,NULL,NULL,NULL,NULL,0,NULL,0,NULL,NULL);
INSERT INTO "calls" VALUES('1a22e447bf6-afb764b4','waiting','13800000009','12319','zh','general',NULL,1.79607256984711956e+09,1.79607257016126441e+09,NULL,NULL,'overflowed',0,NULL,0,NULL,NULL);
CREATE TABLE linked_numbers (
	number TEXT NOT NULL, 
	written TEXT NOT NULL, 
	citizen TEXT NOT NULL, 
	at DOUBLE NOT NULL, 
	CONSTRAINT pk_linked_numbers PRIMARY KEY (number)
);
CREATE TABLE people (
	name TEXT NOT NULL, 
	roles JSON NOT NULL, 
	queues JSON NOT NULL, 
	departments JSON NOT NULL, 
	agent TEXT, 
	password TEXT, 
	created DOUBLE NOT NULL, 
	password_set DOUBLE NOT NULL, 
	subject TEXT, 
	CONSTRAINT pk_people PRIMARY KEY (name)
);
CREATE TABLE records (
	seq INTEGER NOT NULL, 
	at DOUBLE NOT NULL, 
	kind TEXT NOT NULL, 
	call TEXT, 
	queue TEXT, 
	agent TEXT, 
	offer TEXT, 
	data JSON NOT NULL, actor TEXT, 
	CONSTRAINT pk_records PRIMARY KEY (seq)
);
INSERT INTO "records" VALUES(1,1.79607255624343538e+09,'hotline-changed',NULL,NULL,NULL,NULL,'{"version": "c83dffbaa90e", "added": ["1001", "1002", "1003", "1004", "1005", "2200", "2201", "2202"], "removed": []}',NULL);
INSERT INTO "records" VALUES(2,1.79607255728253746e+09,'agent-phone',NULL,NULL,'1003',NULL,'{"phone": "free"}',NULL);
INSERT INTO "records" VALUES(3,1.79607255731281328e+09,'agent-state',NULL,NULL,'1003',NULL,'{"state": "ready", "previous": "logged-out", "reason": ""}','token:local');
INSERT INTO "records" VALUES(4,1.79607255734078741e+09,'agent-phone',NULL,NULL,'1005',NULL,'{"phone": "free"}',NULL);
INSERT INTO "records" VALUES(5,1.79607255735829496e+09,'agent-phone',NULL,NULL,'2201',NULL,'{"phone": "free"}',NULL);
INSERT INTO "records" VALUES(6,1.79607255736983966e+09,'call-started','1a22e444b30-c050c7e0',NULL,NULL,NULL,'{"caller": "13800000001", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-00000000", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(7,1.79607255738062047e+09,'menu-entered','1a22e444b30-c050c7e0',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(8,1.79607255776713633e+09,'said','1a22e444b30-c050c7e0',NULL,NULL,NULL,'{"text": "\u60a8\u597d\uff0c\u8fd9\u91cc\u662f\u6d4b\u8bd5\u70ed\u7ebf \u7eff\u5316\u8bf7\u63091\uff0c\u4f9b\u6c34\u8bf7\u63092\uff0c\u71c3\u6c14\u8bf7\u63093\uff0c\u516c\u544a\u8bf7\u63094", "language": "zh", "interrupted": true}',NULL);
INSERT INTO "records" VALUES(9,1.79607255776743578e+09,'key-pressed','1a22e444b30-c050c7e0',NULL,NULL,NULL,'{"key": "9", "menu": "main"}','caller');
INSERT INTO "records" VALUES(10,1.79607255776796484e+09,'queued','1a22e444b30-c050c7e0','expert',NULL,NULL,'{"language": "zh", "head_start": 0.0, "position": 1}',NULL);
INSERT INTO "records" VALUES(11,1.79607255776796484e+09,'overflowed','1a22e444b30-c050c7e0','expert',NULL,NULL,'{"rule": 0, "condition": "nobody_signed_in", "limit": 0.0, "waited_s": 0.0}',NULL);
INSERT INTO "records" VALUES(12,1.79607255776838207e+09,'sent-on','1a22e444b30-c050c7e0',NULL,NULL,NULL,'{"to": {"queue": "general"}}',NULL);
INSERT INTO "records" VALUES(13,1.79607255777028012e+09,'queued','1a22e444b30-c050c7e0','general',NULL,NULL,'{"language": "zh", "head_start": 0.002, "position": 1}',NULL);
INSERT INTO "records" VALUES(14,1.79607255777028012e+09,'offered','1a22e444b30-c050c7e0','general','1003','local-1a22e4446d3-1','{"ring": 120.0, "step": 0, "rule": "longest-idle"}',NULL);
INSERT INTO "records" VALUES(15,1.79607255777028012e+09,'agent-state',NULL,NULL,'1003',NULL,'{"state": "ringing", "previous": "ready", "reason": ""}',NULL);
INSERT INTO "records" VALUES(16,1.7960725577715969e+09,'agent-phone',NULL,NULL,'1003',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(17,1796072558.09893,'offer-answered','1a22e444b30-c050c7e0','general','1003','local-1a22e4446d3-1','{"within": 30.0}','agent:1003');
INSERT INTO "records" VALUES(18,1.79607255809935331e+09,'connected','1a22e444b30-c050c7e0','general','1003','local-1a22e4446d3-1','{"waited_s": 0.329, "in_service_level": true}',NULL);
INSERT INTO "records" VALUES(19,1.79607255809935331e+09,'agent-state',NULL,NULL,'1003',NULL,'{"state": "on-call", "previous": "ringing", "reason": ""}',NULL);
INSERT INTO "records" VALUES(20,1.79607255850373601e+09,'talk-ended','1a22e444b30-c050c7e0','general','1003',NULL,'{"by": "agent", "talked_s": 0.404}','agent:1003');
INSERT INTO "records" VALUES(21,1.79607255850373601e+09,'agent-state',NULL,NULL,'1003',NULL,'{"state": "wrap-up", "previous": "on-call", "reason": "", "until": 1796072559.503736}',NULL);
INSERT INTO "records" VALUES(22,1.7960725585040481e+09,'agent-phone',NULL,NULL,'1003',NULL,'{"phone": "free"}',NULL);
INSERT INTO "records" VALUES(23,1.79607255950488567e+09,'agent-state',NULL,NULL,'1003',NULL,'{"state": "ready", "previous": "wrap-up", "reason": ""}',NULL);
INSERT INTO "records" VALUES(24,1.79607255983235454e+09,'said','1a22e444b30-c050c7e0',NULL,NULL,NULL,'{"text": "\u611f\u8c22\u6765\u7535\uff0c\u518d\u89c1", "language": "zh", "interrupted": false}',NULL);
INSERT INTO "records" VALUES(25,1.79607255983516788e+09,'call-finished','1a22e444b30-c050c7e0',NULL,NULL,NULL,'{"by": "agent"}',NULL);
INSERT INTO "records" VALUES(26,1.79607256001644611e+09,'agent-phone',NULL,NULL,'1001',NULL,'{"phone": "free"}',NULL);
INSERT INTO "records" VALUES(27,1.79607256010360932e+09,'agent-state',NULL,NULL,'1001',NULL,'{"state": "ready", "previous": "logged-out", "reason": ""}','token:local');
INSERT INTO "records" VALUES(28,1.79607256014234781e+09,'agent-phone',NULL,NULL,'1002',NULL,'{"phone": "free"}',NULL);
INSERT INTO "records" VALUES(29,1.79607256017518806e+09,'agent-state',NULL,NULL,'1002',NULL,'{"state": "ready", "previous": "logged-out", "reason": ""}','token:local');
INSERT INTO "records" VALUES(30,1.79607256022693133e+09,'call-started','1a22e44565a-6e67b628',NULL,NULL,NULL,'{"caller": "13800000002", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-00000002", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(31,1.79607256024233317e+09,'menu-entered','1a22e44565a-6e67b628',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(32,1.7960725605401442e+09,'said','1a22e44565a-6e67b628',NULL,NULL,NULL,'{"text": "\u60a8\u597d\uff0c\u8fd9\u91cc\u662f\u6d4b\u8bd5\u70ed\u7ebf \u7eff\u5316\u8bf7\u63091\uff0c\u4f9b\u6c34\u8bf7\u63092\uff0c\u71c3\u6c14\u8bf7\u63093\uff0c\u516c\u544a\u8bf7\u63094", "language": "zh", "interrupted": true}',NULL);
INSERT INTO "records" VALUES(33,1.79607256054043769e+09,'key-pressed','1a22e44565a-6e67b628',NULL,NULL,NULL,'{"key": "1", "menu": "main"}','caller');
INSERT INTO "records" VALUES(34,1.79607256054125499e+09,'queued','1a22e44565a-6e67b628','greening',NULL,NULL,'{"language": "zh", "head_start": 0.0, "position": 1}',NULL);
INSERT INTO "records" VALUES(35,1.79607256054125499e+09,'offered','1a22e44565a-6e67b628','greening','1001','local-1a22e4446d3-2','{"ring": 120.0, "step": 0, "rule": "longest-idle"}',NULL);
INSERT INTO "records" VALUES(36,1.79607256054125499e+09,'agent-state',NULL,NULL,'1001',NULL,'{"state": "ringing", "previous": "ready", "reason": ""}',NULL);
INSERT INTO "records" VALUES(37,1.7960725605558958e+09,'agent-phone',NULL,NULL,'1001',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(38,1.79607256062549233e+09,'offer-answered','1a22e44565a-6e67b628','greening','1001','local-1a22e4446d3-2','{"within": 30.0}','agent:1001');
INSERT INTO "records" VALUES(39,1.79607256064246106e+09,'connected','1a22e44565a-6e67b628','greening','1001','local-1a22e4446d3-2','{"waited_s": 0.101, "in_service_level": true}',NULL);
INSERT INTO "records" VALUES(40,1.79607256064246106e+09,'agent-state',NULL,NULL,'1001',NULL,'{"state": "on-call", "previous": "ringing", "reason": ""}',NULL);
INSERT INTO "records" VALUES(41,1.79607256121870708e+09,'call-started','1a22e445a34-2ba75703',NULL,NULL,NULL,'{"caller": "13800000003", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-00000004", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(42,1.79607256123843908e+09,'menu-entered','1a22e445a34-2ba75703',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(43,1.79607256153872394e+09,'said','1a22e445a34-2ba75703',NULL,NULL,NULL,'{"text": "\u60a8\u597d\uff0c\u8fd9\u91cc\u662f\u6d4b\u8bd5\u70ed\u7ebf \u7eff\u5316\u8bf7\u63091\uff0c\u4f9b\u6c34\u8bf7\u63092\uff0c\u71c3\u6c14\u8bf7\u63093\uff0c\u516c\u544a\u8bf7\u63094", "language": "zh", "interrupted": true}',NULL);
INSERT INTO "records" VALUES(44,1.79607256153895497e+09,'key-pressed','1a22e445a34-2ba75703',NULL,NULL,NULL,'{"key": "1", "menu": "main"}','caller');
INSERT INTO "records" VALUES(45,1.79607256153942465e+09,'queued','1a22e445a34-2ba75703','greening',NULL,NULL,'{"language": "zh", "head_start": 0.0, "position": 1}',NULL);
INSERT INTO "records" VALUES(46,1.79607256153942465e+09,'offered','1a22e445a34-2ba75703','greening','1002','local-1a22e4446d3-3','{"ring": 120.0, "step": 0, "rule": "longest-idle"}',NULL);
INSERT INTO "records" VALUES(47,1.79607256153942465e+09,'agent-state',NULL,NULL,'1002',NULL,'{"state": "ringing", "previous": "ready", "reason": ""}',NULL);
INSERT INTO "records" VALUES(48,1.79607256153995919e+09,'agent-phone',NULL,NULL,'1002',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(49,1.79607256161366438e+09,'offer-answered','1a22e445a34-2ba75703','greening','1002','local-1a22e4446d3-3','{"within": 30.0}','agent:1002');
INSERT INTO "records" VALUES(50,1.7960725616140449e+09,'connected','1a22e445a34-2ba75703','greening','1002','local-1a22e4446d3-3','{"waited_s": 0.075, "in_service_level": true}',NULL);
INSERT INTO "records" VALUES(51,1.7960725616140449e+09,'agent-state',NULL,NULL,'1002',NULL,'{"state": "on-call", "previous": "ringing", "reason": ""}',NULL);
INSERT INTO "records" VALUES(52,1.79607256223246049e+09,'held','1a22e445a34-2ba75703',NULL,'1002',NULL,'{}','token:local');
INSERT INTO "records" VALUES(53,1.79607256226382637e+09,'call-started','1a22e445e4f-a860ff9d',NULL,NULL,NULL,'{"caller": "13800000004", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-00000006", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(54,1.79607256227832603e+09,'menu-entered','1a22e445e4f-a860ff9d',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(55,1.7960725625795288e+09,'said','1a22e445e4f-a860ff9d',NULL,NULL,NULL,'{"text": "\u60a8\u597d\uff0c\u8fd9\u91cc\u662f\u6d4b\u8bd5\u70ed\u7ebf \u7eff\u5316\u8bf7\u63091\uff0c\u4f9b\u6c34\u8bf7\u63092\uff0c\u71c3\u6c14\u8bf7\u63093\uff0c\u516c\u544a\u8bf7\u63094", "language": "zh", "interrupted": true}',NULL);
INSERT INTO "records" VALUES(56,1.7960725625797708e+09,'key-pressed','1a22e445e4f-a860ff9d',NULL,NULL,NULL,'{"key": "0", "menu": "main"}','caller');
INSERT INTO "records" VALUES(57,1.79607256258172273e+09,'queued','1a22e445e4f-a860ff9d','general',NULL,NULL,'{"language": "zh", "head_start": 0.0, "position": 1}',NULL);
INSERT INTO "records" VALUES(58,1.79607256258172273e+09,'offered','1a22e445e4f-a860ff9d','general','1003','local-1a22e4446d3-4','{"ring": 120.0, "step": 0, "rule": "longest-idle"}',NULL);
INSERT INTO "records" VALUES(59,1.79607256258172273e+09,'agent-state',NULL,NULL,'1003',NULL,'{"state": "ringing", "previous": "ready", "reason": ""}',NULL);
INSERT INTO "records" VALUES(60,1.79607256258232688e+09,'agent-phone',NULL,NULL,'1003',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(61,1.79607256267471051e+09,'offer-answered','1a22e445e4f-a860ff9d','general','1003','local-1a22e4446d3-4','{"within": 30.0}','agent:1003');
INSERT INTO "records" VALUES(62,1.79607256267510128e+09,'connected','1a22e445e4f-a860ff9d','general','1003','local-1a22e4446d3-4','{"waited_s": 0.093, "in_service_level": true}',NULL);
INSERT INTO "records" VALUES(63,1.79607256267510128e+09,'agent-state',NULL,NULL,'1003',NULL,'{"state": "on-call", "previous": "ringing", "reason": ""}',NULL);
INSERT INTO "records" VALUES(64,1.79607256330420446e+09,'held','1a22e445e4f-a860ff9d',NULL,'1003',NULL,'{}','token:local');
INSERT INTO "records" VALUES(65,1.79607256330420446e+09,'consult-asked','1a22e445e4f-a860ff9d',NULL,'1003',NULL,'{"to": {"agent": "1005"}}','token:local');
INSERT INTO "records" VALUES(66,1.79607256330473017e+09,'agent-call',NULL,NULL,'1005',NULL,'{"company": "rings", "call": "1a22e445e4f-a860ff9d", "queue": "general"}',NULL);
INSERT INTO "records" VALUES(67,1.79607256332088184e+09,'agent-phone',NULL,NULL,'1005',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(68,1796072563.32398,'consult-answered','1a22e445e4f-a860ff9d',NULL,'1003',NULL,'{"to": {"agent": "1005"}}',NULL);
INSERT INTO "records" VALUES(69,1.79607256332432246e+09,'agent-call',NULL,NULL,'1005',NULL,'{"company": "asked", "call": "1a22e445e4f-a860ff9d", "queue": "general"}',NULL);
INSERT INTO "records" VALUES(70,1.79607256342414236e+09,'call-started','1a22e4462d3-c9ecf310',NULL,NULL,NULL,'{"caller": "13800000005", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-00000009", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(71,1.79607256343971633e+09,'menu-entered','1a22e4462d3-c9ecf310',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(72,1.79607256375959777e+09,'said','1a22e4462d3-c9ecf310',NULL,NULL,NULL,'{"text": "\u60a8\u597d\uff0c\u8fd9\u91cc\u662f\u6d4b\u8bd5\u70ed\u7ebf \u7eff\u5316\u8bf7\u63091\uff0c\u4f9b\u6c34\u8bf7\u63092\uff0c\u71c3\u6c14\u8bf7\u63093\uff0c\u516c\u544a\u8bf7\u63094", "language": "zh", "interrupted": true}',NULL);
INSERT INTO "records" VALUES(73,1.79607256375986051e+09,'key-pressed','1a22e4462d3-c9ecf310',NULL,NULL,NULL,'{"key": "3", "menu": "main"}','caller');
INSERT INTO "records" VALUES(74,1.79607256375986051e+09,'sent-on','1a22e4462d3-c9ecf310',NULL,NULL,NULL,'{"to": {"sub_hotline": "gas"}}',NULL);
INSERT INTO "records" VALUES(75,1.79607256725468468e+09,'said','1a22e4462d3-c9ecf310',NULL,NULL,NULL,'{"text": "\u6b63\u5728\u4e3a\u60a8\u8f6c\u63a5 \u71c3\u6c14 \u8bf7\u7a0d\u5019\uff0c\u4e0d\u8981\u6302\u673a\u3002", "language": "zh", "interrupted": false}',NULL);
INSERT INTO "records" VALUES(76,1.79607256725522446e+09,'sub-hotline-dialled','1a22e4462d3-c9ecf310',NULL,NULL,NULL,'{"sub_hotline": "gas", "dial": "2201"}',NULL);
INSERT INTO "records" VALUES(77,1.79607256725535535e+09,'agent-call',NULL,NULL,'2201',NULL,'{"company": "rings", "call": "1a22e4462d3-c9ecf310", "queue": null}',NULL);
INSERT INTO "records" VALUES(78,1.79607256725752711e+09,'agent-phone',NULL,NULL,'2201',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(79,1.79607256737899041e+09,'sub-hotline-answered','1a22e4462d3-c9ecf310',NULL,NULL,NULL,'{"sub_hotline": "gas"}',NULL);
INSERT INTO "records" VALUES(80,1.79607256738979697e+09,'agent-call',NULL,NULL,'2201',NULL,'{"company": "talks", "call": "1a22e4462d3-c9ecf310", "queue": null}',NULL);
INSERT INTO "records" VALUES(81,1.79607256739542317e+09,'call-started','1a22e44725f-efab8a2e',NULL,NULL,NULL,'{"caller": "13800000006", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-0000000b", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(82,1.79607256740094137e+09,'menu-entered','1a22e44725f-efab8a2e',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(83,1.79607256769959044e+09,'said','1a22e44725f-efab8a2e',NULL,NULL,NULL,'{"text": "\u60a8\u597d\uff0c\u8fd9\u91cc\u662f\u6d4b\u8bd5\u70ed\u7ebf \u7eff\u5316\u8bf7\u63091\uff0c\u4f9b\u6c34\u8bf7\u63092\uff0c\u71c3\u6c14\u8bf7\u63093\uff0c\u516c\u544a\u8bf7\u63094", "language": "zh", "interrupted": true}',NULL);
INSERT INTO "records" VALUES(84,1.79607256769984436e+09,'key-pressed','1a22e44725f-efab8a2e',NULL,NULL,NULL,'{"key": "9", "menu": "main"}','caller');
INSERT INTO "records" VALUES(85,1.79607256770037388e+09,'queued','1a22e44725f-efab8a2e','expert',NULL,NULL,'{"language": "zh", "head_start": 0.0, "position": 1}',NULL);
INSERT INTO "records" VALUES(86,1.79607256770037388e+09,'overflowed','1a22e44725f-efab8a2e','expert',NULL,NULL,'{"rule": 0, "condition": "nobody_signed_in", "limit": 0.0, "waited_s": 0.0}',NULL);
INSERT INTO "records" VALUES(87,1.79607256770066356e+09,'sent-on','1a22e44725f-efab8a2e',NULL,NULL,NULL,'{"to": {"queue": "general"}}',NULL);
INSERT INTO "records" VALUES(88,1.79607256770102882e+09,'queued','1a22e44725f-efab8a2e','general',NULL,NULL,'{"language": "zh", "head_start": 0.001, "position": 1}',NULL);
INSERT INTO "records" VALUES(89,1.79607256774755811e+09,'call-started','1a22e4473c2-7d6986ee',NULL,NULL,NULL,'{"caller": "13800000007", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-0000000c", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(90,1.79607256775908088e+09,'menu-entered','1a22e4473c2-7d6986ee',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(91,1.79607256805965065e+09,'said','1a22e4473c2-7d6986ee',NULL,NULL,NULL,'{"text": "\u60a8\u597d\uff0c\u8fd9\u91cc\u662f\u6d4b\u8bd5\u70ed\u7ebf \u7eff\u5316\u8bf7\u63091\uff0c\u4f9b\u6c34\u8bf7\u63092\uff0c\u71c3\u6c14\u8bf7\u63093\uff0c\u516c\u544a\u8bf7\u63094", "language": "zh", "interrupted": true}',NULL);
INSERT INTO "records" VALUES(92,1.79607256805991649e+09,'key-pressed','1a22e4473c2-7d6986ee',NULL,NULL,NULL,'{"key": "1", "menu": "main"}','caller');
INSERT INTO "records" VALUES(93,1.79607256806040453e+09,'queued','1a22e4473c2-7d6986ee','greening',NULL,NULL,'{"language": "zh", "head_start": 0.0, "position": 1}',NULL);
INSERT INTO "records" VALUES(94,1.79607256909292864e+09,'agent-phone',NULL,NULL,'1001',NULL,'{"phone": "unreachable"}',NULL);
INSERT INTO "records" VALUES(95,1.79607256909292864e+09,'agent-phone',NULL,NULL,'1002',NULL,'{"phone": "unreachable"}',NULL);
INSERT INTO "records" VALUES(96,1.79607256909292864e+09,'agent-phone',NULL,NULL,'1003',NULL,'{"phone": "unreachable"}',NULL);
INSERT INTO "records" VALUES(97,1.79607256909292864e+09,'agent-phone',NULL,NULL,'1005',NULL,'{"phone": "unreachable"}',NULL);
INSERT INTO "records" VALUES(98,1.79607256909292864e+09,'agent-phone',NULL,NULL,'2201',NULL,'{"phone": "unreachable"}',NULL);
INSERT INTO "records" VALUES(99,1796072569.59079,'agent-phone',NULL,NULL,'2201',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(100,1.79607256959091782e+09,'agent-phone',NULL,NULL,'1001',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(101,1.79607256959093976e+09,'agent-phone',NULL,NULL,'1005',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(102,1.79607256959095573e+09,'agent-phone',NULL,NULL,'1002',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(103,1.79607256959097146e+09,'agent-phone',NULL,NULL,'1003',NULL,'{"phone": "busy"}',NULL);
INSERT INTO "records" VALUES(104,1.79607256962102818e+09,'call-started','1a22e447b14-a3c48769',NULL,NULL,NULL,'{"caller": "13800000008", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-0000000d", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(105,1.79607256963913059e+09,'menu-entered','1a22e447b14-a3c48769',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(106,1.79607256984711956e+09,'call-started','1a22e447bf6-afb764b4',NULL,NULL,NULL,'{"caller": "13800000009", "number": "12319", "language": "zh", "channel": "PJSIP/anonymous-0000000e", "resumed": false, "version": "c83dffbaa90e"}','caller');
INSERT INTO "records" VALUES(107,1.79607256985914158e+09,'menu-entered','1a22e447bf6-afb764b4',NULL,NULL,NULL,'{"menu": "main", "language": "zh"}',NULL);
INSERT INTO "records" VALUES(108,1.79607257015928101e+09,'said','1a22e447bf6-afb764b4',NULL,NULL,NULL,'{"text": "\u60a8\u597d\uff0c\u8fd9\u91cc\u662f\u6d4b\u8bd5\u70ed\u7ebf \u7eff\u5316\u8bf7\u63091\uff0c\u4f9b\u6c34\u8bf7\u63092\uff0c\u71c3\u6c14\u8bf7\u63093\uff0c\u516c\u544a\u8bf7\u63094", "language": "zh", "interrupted": true}',NULL);
INSERT INTO "records" VALUES(109,1.79607257015955185e+09,'key-pressed','1a22e447bf6-afb764b4',NULL,NULL,NULL,'{"key": "9", "menu": "main"}','caller');
INSERT INTO "records" VALUES(110,1.79607257016045165e+09,'queued','1a22e447bf6-afb764b4','expert',NULL,NULL,'{"language": "zh", "head_start": 0.0, "position": 1}',NULL);
INSERT INTO "records" VALUES(111,1.79607257016045165e+09,'overflowed','1a22e447bf6-afb764b4','expert',NULL,NULL,'{"rule": 0, "condition": "nobody_signed_in", "limit": 0.0, "waited_s": 0.0}',NULL);
INSERT INTO "records" VALUES(112,1.79607257016081452e+09,'sent-on','1a22e447bf6-afb764b4',NULL,NULL,NULL,'{"to": {"queue": "general"}}',NULL);
INSERT INTO "records" VALUES(113,1.79607257016126441e+09,'queued','1a22e447bf6-afb764b4','general',NULL,NULL,'{"language": "zh", "head_start": 0.001, "position": 2}',NULL);
INSERT INTO "records" VALUES(114,1.79607257033238577e+09,'call-resumed','1a22e4473c2-7d6986ee',NULL,NULL,NULL,'{"channel": "PJSIP/anonymous-0000000c"}',NULL);
INSERT INTO "records" VALUES(115,1.79607257034032535e+09,'call-resumed','1a22e44725f-efab8a2e',NULL,NULL,NULL,'{"channel": "PJSIP/anonymous-0000000b"}',NULL);
CREATE TABLE removals (
	what TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	at DOUBLE NOT NULL, 
	CONSTRAINT pk_removals PRIMARY KEY (what)
);
CREATE TABLE second_factors (
	name TEXT NOT NULL, 
	sealed TEXT NOT NULL, 
	step BIGINT NOT NULL, 
	recovery JSON NOT NULL, 
	CONSTRAINT pk_second_factors PRIMARY KEY (name)
);
CREATE TABLE sessions (
	digest TEXT NOT NULL, 
	name TEXT NOT NULL, 
	began DOUBLE NOT NULL, 
	used DOUBLE NOT NULL, 
	address TEXT NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (digest)
);
CREATE TABLE snapshots (
	node TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	CONSTRAINT pk_snapshots PRIMARY KEY (node, seq)
);
INSERT INTO "snapshots" VALUES('local',1,'{"engine": {"format": 1, "at": 1796072556.256714, "day_ends": 1796140800.0, "arrivals": 0, "offers_made": 0, "armed": 0, "places": {}, "seats": {"1001": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "1002": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "1003": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "1004": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "1005": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "2200": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "2201": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "2202": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}}, "offers": {}, "queues": {"greening": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": null, "answered": 0, "in_time": 0, "abandoned": 0, "empty_since": {}}, "everybody": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": null, "answered": 0, "in_time": 0, "abandoned": 0, "empty_since": {}}, "quick": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": null, "answered": 0, "in_time": 0, "abandoned": 0, "empty_since": {}}, "expert": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": null, "answered": 0, "in_time": 0, "abandoned": 0, "empty_since": {}}, "general": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": null, "answered": 0, "in_time": 0, "abandoned": 0, "empty_since": {}}}, "dead": {}}, "calls": [], "last_hour": {"began": 29934542, "callers": {}, "lines": {}}, "trials": {"running": null, "over": {}}}');
INSERT INTO "snapshots" VALUES('local',98,'{"engine": {"format": 1, "at": 1796072569.1278555, "day_ends": 1796140800.0, "arrivals": 8, "offers_made": 4, "armed": 3, "places": {"1a22e44565a-6e67b628": {"queue": "greening", "language": "zh", "entered": 1796072560.541255, "head_start": 0.0, "sequence": 3, "message": 0, "rings": 0, "last_agent": "1001", "round": null, "agent": "1001", "connected_at": 1796072560.642461, "test": false, "told": [null, null, false, null], "robot": false}, "1a22e445a34-2ba75703": {"queue": "greening", "language": "zh", "entered": 1796072561.5394247, "head_start": 0.0, "sequence": 4, "message": 0, "rings": 0, "last_agent": "1002", "round": null, "agent": "1002", "connected_at": 1796072561.614045, "test": false, "told": [null, null, false, null], "robot": false}, "1a22e445e4f-a860ff9d": {"queue": "general", "language": "zh", "entered": 1796072562.5817227, "head_start": 0.0, "sequence": 5, "message": 0, "rings": 0, "last_agent": "1003", "round": null, "agent": "1003", "connected_at": 1796072562.6751013, "test": false, "told": [null, null, false, null], "robot": false}, "1a22e44725f-efab8a2e": {"queue": "general", "language": "zh", "entered": 1796072567.7010288, "head_start": 0.001, "sequence": 7, "message": 0, "rings": 0, "last_agent": null, "round": null, "agent": null, "connected_at": 0.0, "test": false, "told": [null, null, false, null], "robot": false}, "1a22e4473c2-7d6986ee": {"queue": "greening", "language": "zh", "entered": 1796072568.0604045, "head_start": 0.0, "sequence": 8, "message": 0, "rings": 0, "last_agent": null, "round": null, "agent": null, "connected_at": 0.0, "test": false, "told": [null, null, false, null], "robot": false}}, "seats": {"1001": {"since": 1796072560.642461, "state": "on-call", "reason": "", "phone": "unreachable", "queue": "greening", "call": "1a22e44565a-6e67b628", "test": false, "idle_since": 1796072560.1036093, "engaged_at": 1796072560.541255, "missed": 0, "failures": 0, "paused_until": null, "calls": 1, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": 1796072569.0929286, "out_armed": 1}, "1002": {"since": 1796072561.614045, "state": "on-call", "reason": "", "phone": "unreachable", "queue": "greening", "call": "1a22e445a34-2ba75703", "test": false, "idle_since": 1796072560.175188, "engaged_at": 1796072561.5394247, "missed": 0, "failures": 0, "paused_until": null, "calls": 1, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": 1796072569.0929286, "out_armed": 2}, "1003": {"since": 1796072562.6751013, "state": "on-call", "reason": "", "phone": "unreachable", "queue": "general", "call": "1a22e445e4f-a860ff9d", "test": false, "idle_since": 1796072559.5048857, "engaged_at": 1796072562.5817227, "missed": 0, "failures": 0, "paused_until": null, "calls": 2, "talk": 0.40438270568847656, "missed_today": 0, "wrapped": 1.0011496543884277, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": 1796072569.0929286, "out_armed": 3}, "1004": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "1005": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": {"call_id": "1a22e445e4f-a860ff9d", "company": "asked", "queue": "general", "test": false, "began": 1796072563.3243225}, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "2200": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "2201": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 1, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": {"call_id": "1a22e4462d3-c9ecf310", "company": "talks", "queue": null, "test": false, "began": 1796072567.389797}, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}, "2202": {"since": 1796072556.2434354, "state": "logged-out", "reason": "", "phone": "unreachable", "queue": null, "call": null, "test": false, "idle_since": 0.0, "engaged_at": 0.0, "missed": 0, "failures": 0, "paused_until": null, "calls": 0, "talk": 0.0, "missed_today": 0, "wrapped": 0.0, "coded": "", "until": null, "next_state": null, "next_reason": "", "removed": false, "edited": null, "away": false, "sent": null, "by_sent": false, "armed": 0, "out_since": null, "out_armed": 0}}, "offers": {}, "queues": {"greening": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": "1002", "answered": 2, "in_time": 2, "abandoned": 0, "empty_since": {}}, "everybody": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": null, "answered": 0, "in_time": 0, "abandoned": 0, "empty_since": {}}, "quick": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": null, "answered": 0, "in_time": 0, "abandoned": 0, "empty_since": {}}, "expert": {"handling": {"prior": 1.0, "seen": 0.0, "calls": 10}, "staying": {"share": 0.9, "calls": 10}, "last_agent": null, "answered": 0, "in_time": 0, "abandoned": 0, "empty_since": {}}, "general": {"handling": {"prior": 0.9090909090909091, "seen": 0.1576914137059992, "calls": 11}, "staying": {"share": 0.9, "calls": 10}, "last_agent": "1003", "answered": 2, "in_time": 2, "abandoned": 0, "empty_since": {}}}, "dead": {}}, "calls": [{"id": "1a22e44565a-6e67b628", "started": 1796072560.2269313, "state": "talking", "caller": "13800000002", "number": "12319", "language": "zh", "queue": "greening", "agent": "1001", "queued": 1796072560.541255, "answered": 1796072560.642461, "ended": null, "outcome": "answered", "offers": 0, "onward": null, "since": null, "test": false, "sub_hotline": null, "help_since": null, "listeners": [], "code": null, "known": {}, "held": null, "consulted": null, "asked": false, "third": false, "returning": false, "robot": false, "about": ""}, {"id": "1a22e445a34-2ba75703", "started": 1796072561.218707, "state": "talking", "caller": "13800000003", "number": "12319", "language": "zh", "queue": "greening", "agent": "1002", "queued": 1796072561.5394247, "answered": 1796072561.614045, "ended": null, "outcome": "answered", "offers": 0, "onward": null, "since": null, "test": false, "sub_hotline": null, "help_since": null, "listeners": [], "code": null, "known": {}, "held": 1796072562.2324605, "consulted": null, "asked": false, "third": false, "returning": false, "robot": false, "about": ""}, {"id": "1a22e445e4f-a860ff9d", "started": 1796072562.2638264, "state": "talking", "caller": "13800000004", "number": "12319", "language": "zh", "queue": "general", "agent": "1003", "queued": 1796072562.5817227, "answered": 1796072562.6751013, "ended": null, "outcome": "answered", "offers": 0, "onward": null, "since": null, "test": false, "sub_hotline": null, "help_since": null, "listeners": [], "code": null, "known": {}, "held": 1796072563.3042045, "consulted": {"agent": "1005"}, "asked": true, "third": false, "returning": false, "robot": false, "about": ""}, {"id": "1a22e4462d3-c9ecf310", "started": 1796072563.4241424, "state": "talking", "caller": "13800000005", "number": "12319", "language": "zh", "queue": null, "agent": null, "queued": null, "answered": 1796072567.3789904, "ended": null, "outcome": "sub-hotline", "offers": 0, "onward": {"sub_hotline": "gas"}, "since": null, "test": false, "sub_hotline": "gas", "help_since": null, "listeners": [], "code": null, "known": {}, "held": null, "consulted": null, "asked": false, "third": false, "returning": false, "robot": false, "about": ""}, {"id": "1a22e44725f-efab8a2e", "started": 1796072567.3954232, "state": "waiting", "caller": "13800000006", "number": "12319", "language": "zh", "queue": "general", "agent": null, "queued": 1796072567.7010288, "answered": null, "ended": null, "outcome": "overflowed", "offers": 0, "onward": null, "since": 1796072567.700029, "test": false, "sub_hotline": null, "help_since": null, "listeners": [], "code": null, "known": {}, "held": null, "consulted": null, "asked": false, "third": false, "returning": false, "robot": false, "about": ""}, {"id": "1a22e4473c2-7d6986ee", "started": 1796072567.747558, "state": "waiting", "caller": "13800000007", "number": "12319", "language": "zh", "queue": "greening", "agent": null, "queued": 1796072568.0604045, "answered": null, "ended": null, "outcome": null, "offers": 0, "onward": null, "since": 1796072568.0604045, "test": false, "sub_hotline": null, "help_since": null, "listeners": [], "code": null, "known": {}, "held": null, "consulted": null, "asked": false, "third": false, "returning": false, "robot": false, "about": ""}], "last_hour": {"began": 29934542, "callers": {"1a22e44725f-efab8a2e": "general", "1a22e4473c2-7d6986ee": "greening"}, "lines": {"expert": {"minute": 29934542, "now": 0, "most": 1, "past": []}, "general": {"minute": 29934542, "now": 1, "most": 1, "past": []}, "greening": {"minute": 29934542, "now": 1, "most": 1, "past": []}}}, "trials": {"running": null, "over": {}}}');
CREATE TABLE spools (
	id TEXT NOT NULL, 
	written BIGINT NOT NULL, 
	CONSTRAINT pk_spools PRIMARY KEY (id)
);
INSERT INTO "spools" VALUES('31a93e1a71e740e290595176234b6734',115);
CREATE TABLE tokens (
	name TEXT NOT NULL, 
	roles JSON NOT NULL, 
	queues JSON NOT NULL, 
	departments JSON NOT NULL, 
	agent TEXT, 
	digest TEXT NOT NULL, 
	created DOUBLE NOT NULL, 
	expires DOUBLE NOT NULL, 
	used DOUBLE, 
	CONSTRAINT pk_tokens PRIMARY KEY (name)
);
CREATE INDEX ix_records_at ON records (at);
CREATE INDEX ix_records_call_seq ON records (call, seq);
CREATE INDEX ix_calls_started ON calls (started);
CREATE INDEX ix_calls_state_started ON calls (state, started);
CREATE INDEX ix_calls_queue_started ON calls (queue, started);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_audit_actor_at ON audit (actor, at);
CREATE INDEX ix_calls_agent_started ON calls (agent, started);
CREATE INDEX ix_calls_sub_hotline_started ON calls (sub_hotline, started);
CREATE INDEX ix_calls_caller_started ON calls (caller, started);
CREATE INDEX ix_calls_outcome_started ON calls (outcome, started);
CREATE INDEX ix_records_notes ON records (at) WHERE kind = 'note';
CREATE INDEX ix_linked_numbers_citizen ON linked_numbers (citizen);
CREATE INDEX ix_linked_numbers_at ON linked_numbers (at);
COMMIT;
