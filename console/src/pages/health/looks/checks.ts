/** What /readyz and `doctor` say, as rows with what to do. A name without words of its own is shown as it is. Pure. */

import type { FindingOut } from "../../../api/schema";
import type { Text } from "../../../texts/texts";
import type { Level, Row } from "./rows";
import { TEXTS } from "./texts";

export interface Readiness {
  readonly ready: boolean;
  /** Name → `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
  /** Faults that keep no call away. */
  readonly notes: Readonly<Record<string, string>>;
}

type Words = readonly [Text, Text];

const CHECKS: Readonly<Record<string, Words>> = {
  asterisk: [TEXTS.asterisk, TEXTS.asteriskDo],
  intake: [TEXTS.intake, TEXTS.intakeDo],
  database: [TEXTS.database, TEXTS.databaseDo],
  journal: [TEXTS.journal, TEXTS.journalDo],
  voice: [TEXTS.voice, TEXTS.voiceDo],
  accounts: [TEXTS.accounts, TEXTS.accountsDo],
  emergency: [TEXTS.emergency, TEXTS.emergencyDo],
};

const FINDINGS: Readonly<Record<string, Words>> = {
  packages: [TEXTS.packages, TEXTS.packagesDo],
  libraries: [TEXTS.libraries, TEXTS.librariesDo],
  network: [TEXTS.network, TEXTS.networkDo],
  "sound programs": [TEXTS.soundPrograms, TEXTS.soundProgramsDo],
  voice: [TEXTS.voice, TEXTS.voiceDo],
  Asterisk: [TEXTS.asteriskProgram, TEXTS.asteriskProgramDo],
  "Asterisk's age": [TEXTS.asteriskAge, TEXTS.asteriskAgeDo],
  names: [TEXTS.names, TEXTS.namesDo],
  disk: [TEXTS.disk, TEXTS.diskDo],
  "state folder": [TEXTS.stateFolder, TEXTS.stateFolderDo],
  users: [TEXTS.users, TEXTS.usersDo],
  "open files": [TEXTS.files, TEXTS.filesDo],
  drain: [TEXTS.intake, TEXTS.intakeDo],
  "emergency message": [TEXTS.emergency, TEXTS.emergencyDo],
  hotline: [TEXTS.hotline, TEXTS.hotlineDo],
  "sub-hotlines": [TEXTS.departments, TEXTS.departmentsDo],
  ports: [TEXTS.ports, TEXTS.portsDo],
  supervisor: [TEXTS.supervisor, TEXTS.supervisorDo],
  service: [TEXTS.service, TEXTS.serviceDo],
  "Asterisk's modules": [TEXTS.modules, TEXTS.modulesDo],
  AMI: [TEXTS.ami, TEXTS.amiDo],
};

export const LEVELS: Readonly<Record<FindingOut["level"], Level>> = { right: 0, odd: 1, wrong: 2 };

export function checks({ checks: said, notes }: Readiness): Row[] {
  return [
    ...Object.entries(said).map(([name, words]) =>
      row(CHECKS, name, words === "ok" ? 0 : 2, words === "ok" ? "" : words),
    ),
    ...Object.entries(notes).map(([name, words]) => row(CHECKS, name, 1, words)),
  ];
}

export function findings(found: readonly FindingOut[]): Row[] {
  return found.map(({ level, what, sentence, chinese }) =>
    row(FINDINGS, what, LEVELS[level], { zh: chinese, en: sentence }),
  );
}

function row(words: Readonly<Record<string, Words>>, name: string, level: Level, said: Text | string): Row {
  const [what, remedy] = words[name] ?? [name, null];
  return { what, value: "", level, remedy: level === 0 ? null : remedy, said };
}
