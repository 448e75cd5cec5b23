import type { ComponentChildren } from "preact";
import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import type { EarlierOut, NamesOut, StoryOut } from "../../../api/schema";
import { Dialog } from "../../../frame/Dialog";
import { failure } from "../../../frame/failure";
import { called } from "../../../frame/names";
import { useStore } from "../../../frame/store";
import { board } from "../../../live/live";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { dayAndTime, duration } from "../../../time/format";
import { target } from "../transfer/words";
import { entered, way } from "../way";
import styles from "./History.module.css";
import { OUTCOMES } from "./outcomes";
import { agentName } from "./people";
import { TEXTS } from "./texts";

interface StoryProps {
  /** The present call, by which the earlier one may be read. */
  call: string;
  earlier: EarlierOut;
  names: NamesOut | null;
  onDone: () => void;
}

/** All of an earlier call: the way through the menus, who talked, transfers, what each agent noted. */
export function StoryDialog({ call, earlier, names, onDone }: StoryProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const path = { call_id: call, earlier_id: earlier.id };
  const { answer, error } = useAnswer(
    (cut) => ask("get", "/api/v1/calls/{call_id}/earlier/{earlier_id}", { path }, cut),
    [call, earlier.id],
  );
  const time = dayAndTime(Date.parse(earlier.started), language);
  return (
    <Dialog title={say(TEXTS.title, { time })} onDone={onDone}>
      {error !== null && <p role="alert">{failure(error, speaker)}</p>}
      {answer !== null && <Story of={answer} names={names} />}
    </Dialog>
  );
}

function Story({ of, names }: { of: StoryOut; names: NamesOut | null }) {
  const { say, language } = useSpeaker();
  const current = useStore(board);
  const who = (other: Readonly<Record<string, string>>) => {
    if (other.agent) return agentName(current, other.agent);
    return other.sub_hotline ? called(names?.departments, other.sub_hotline, language) : (other.number ?? "");
  };
  const digits = entered(of);
  return (
    <dl class={styles.story}>
      <Part title={say(TEXTS.way)}>
        <dd>{[...way(of, language), of.outcome && say(OUTCOMES[of.outcome])].filter(Boolean).join(" → ")}</dd>
      </Part>
      {digits.length > 0 && (
        <Part title={say(TEXTS.entered)}>
          {digits.map(({ name, digits: entered }) => (
            <dd key={entered}>
              {named(name, language)}: {entered}
            </dd>
          ))}
        </Part>
      )}
      {of.talks.length > 0 && (
        <Part title={say(TEXTS.talks)}>
          {of.talks.map(({ with: other, began, ended, queue }) => (
            <dd key={began}>
              {[
                queue && called(names?.queues, queue, language),
                who(other),
                duration((Date.parse(ended ?? of.ended ?? began) - Date.parse(began)) / 1_000),
              ]
                .filter(Boolean)
                .join(" · ")}
            </dd>
          ))}
        </Part>
      )}
      {of.transfers.length > 0 && (
        <Part title={say(TEXTS.transfers)}>
          {of.transfers.map((one) => (
            <dd key={one.at}>
              {say(TEXTS.sent, { from: one.agent === null ? "" : agentName(current, one.agent), to: target(one) })}
              {one.reason && <q>{one.reason}</q>}
            </dd>
          ))}
        </Part>
      )}
      <Part title={say(TEXTS.notes)}>
        {of.wrap_ups.length === 0 && <dd>{say(TEXTS.noNotes)}</dd>}
        {of.wrap_ups.map(({ agent, code, name, note }) => (
          <dd key={agent}>
            <strong>{agentName(current, agent)}</strong>{" "}
            {code !== null && <span class={styles.quiet}>{name === null ? code : named(name, language)}</span>}
            {note && <p class={styles.note}>{note}</p>}
          </dd>
        ))}
      </Part>
    </dl>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      {children}
    </div>
  );
}
