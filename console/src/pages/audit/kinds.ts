/** The kinds of entries in words. `accounts/roles.py` names them, and the types are made of it: none is missing here. */

import type { paths } from "../../api/schema";
import type { Text } from "../../texts/texts";
import { TEXTS } from "./texts";

type Query = NonNullable<paths["/api/v1/audit"]["get"]["parameters"]["query"]>;
export type Kind = NonNullable<Query["what"]>;

export const KINDS: Readonly<Record<Kind, Text>> = {
  "signed-in": TEXTS.signedIn,
  "sign-in-refused": TEXTS.signInRefused,
  "recovery-code-used": TEXTS.recoveryCodeUsed,
  "signed-out": TEXTS.signedOut,
  "own-password": TEXTS.ownPassword,
  "second-factor-offered": TEXTS.secondFactorOffered,
  "second-factor-set": TEXTS.secondFactorSet,
  "callers-listed": TEXTS.callersListed,
  "events-watched": TEXTS.eventsWatched,
  "calls-listed": TEXTS.callsListed,
  "call-read": TEXTS.callRead,
  "earlier-calls-read": TEXTS.earlierCallsRead,
  "wrap-up-read": TEXTS.wrapUpRead,
  "wrap-up-written": TEXTS.wrapUpWritten,
  "call-moved": TEXTS.callMoved,
  "call-transferred": TEXTS.callTransferred,
  "call-held": TEXTS.callHeld,
  "call-unheld": TEXTS.callUnheld,
  "consult-returned": TEXTS.consultReturned,
  "consult-completed": TEXTS.consultCompleted,
  "consult-joined": TEXTS.consultJoined,
  "agent-dialled": TEXTS.agentDialled,
  "listening-asked": TEXTS.listeningAsked,
  "listening-changed": TEXTS.listeningChanged,
  "listening-stopped": TEXTS.listeningStopped,
  "listening-ended": TEXTS.listeningEnded,
  "help-called": TEXTS.helpCalled,
  "help-over": TEXTS.helpOver,
  "call-placed": TEXTS.callPlaced,
  "agent-state": TEXTS.agentState,
  "agent-skills": TEXTS.agentSkills,
  "agent-wrap-up": TEXTS.agentWrapUp,
  "browser-phone": TEXTS.browserPhone,
  "browser-phone-ended": TEXTS.browserPhoneEnded,
  "prompt-recorded": TEXTS.promptRecorded,
  "recording-removed": TEXTS.recordingRemoved,
  "emergency-on": TEXTS.emergencyOn,
  "emergency-off": TEXTS.emergencyOff,
  "emergency-heard": TEXTS.emergencyHeard,
  "emergency-recorded": TEXTS.emergencyRecorded,
  "emergency-ending": TEXTS.emergencyEnding,
  "emergency-ended": TEXTS.emergencyEnded,
  "emergency-pin": TEXTS.emergencyPin,
  "emergency-pin-removed": TEXTS.emergencyPinRemoved,
  "emergency-pin-refused": TEXTS.emergencyPinRefused,
  "emergency-pin-locked": TEXTS.emergencyPinLocked,
  reload: TEXTS.reload,
  published: TEXTS.published,
  "files-read": TEXTS.filesRead,
  "draft-replayed": TEXTS.draftReplayed,
  "trial-taken-back": TEXTS.trialTakenBack,
  "trial-ended": TEXTS.trialEnded,
  restart: TEXTS.restart,
  drain: TEXTS.drain,
  purge: TEXTS.purge,
  "number-forgotten": TEXTS.numberForgotten,
  "number-exported": TEXTS.numberExported,
  "users-listed": TEXTS.usersListed,
  "user-added": TEXTS.userAdded,
  "user-changed": TEXTS.userChanged,
  "user-password": TEXTS.userPassword,
  "second-factor-removed": TEXTS.secondFactorRemoved,
  "user-removed": TEXTS.userRemoved,
  "tokens-listed": TEXTS.tokensListed,
  "token-added": TEXTS.tokenAdded,
  "token-revoked": TEXTS.tokenRevoked,
  "audit-read": TEXTS.auditRead,
};

/** What is shown of a kind; one of an earlier version, without words, by its name. */
export function words(kind: string): Text {
  return (KINDS as Readonly<Record<string, Text>>)[kind] ?? { zh: kind, en: kind };
}
