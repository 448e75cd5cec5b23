import { ask } from "../../api/client";
import type { CallsNow } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import { useSpeaker } from "../../texts/language";
import styles from "./Health.module.css";
import { TEXTS } from "./texts";

/** Seconds that calls in the menus get before a restart. */
const WAIT = 60;

export interface CloseProps {
  calls: CallsNow;
  onClosed: () => void;
  onDone: () => void;
}

/** Says what closing the hotline would do now. */
export function CloseDialog({ calls, onClosed, onDone }: CloseProps) {
  const { say } = useSpeaker();
  const close = async () => {
    await ask("put", "/api/v1/drain", { body: { on: true } });
    onClosed();
  };
  const { menu, waiting, ringing, talking, leaving } = calls;
  const count = menu + waiting + ringing + talking + leaving;
  return (
    <Dialog title={say(TEXTS.closeTitle)} action={say(TEXTS.close)} grave onSubmit={close} onDone={onDone}>
      <ul class={styles.list}>
        <li>{say(TEXTS.closeNew)}</li>
        <li>{count === 0 ? say(TEXTS.noCalls) : say(TEXTS.closeLive, { count, talking, waiting })}</li>
      </ul>
    </Dialog>
  );
}

export interface RestartProps {
  calls: CallsNow;
  onOrdered: () => void;
  onDone: () => void;
}

/** Says what a restart would do now. */
export function RestartDialog({ calls, onOrdered, onDone }: RestartProps) {
  const { say } = useSpeaker();
  const restart = async () => {
    await ask("post", "/api/v1/restart", { body: { wait_s: WAIT } });
    onOrdered();
  };
  const menus = calls.menu + calls.leaving;
  const talks = calls.talking + calls.ringing;
  return (
    <Dialog title={say(TEXTS.restartTitle)} action={say(TEXTS.restart)} grave onSubmit={restart} onDone={onDone}>
      <ul class={styles.list}>
        <li>{menus === 0 ? say(TEXTS.restartNoMenus) : say(TEXTS.restartMenus, { count: menus })}</li>
        {calls.waiting > 0 && <li>{say(TEXTS.restartWaiting, { count: calls.waiting })}</li>}
        {talks > 0 && <li>{say(TEXTS.restartTalking, { count: talks })}</li>}
        <li>{say(TEXTS.restartNew)}</li>
      </ul>
    </Dialog>
  );
}
