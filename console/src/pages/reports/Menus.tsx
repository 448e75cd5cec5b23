import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { failure } from "../../frame/failure";
import { called } from "../../frame/names";
import { go } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { inAny } from "../tree/seen";
import { About } from "./About";
import { addressOf, queryOf } from "./asked";
import { Files } from "./Files";
import { Days } from "./Filters";
import { menusOf } from "./menus";
import type { ViewProps } from "./Reports";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";
import { figure, share } from "./values";

const PATH = "/api/v1/reports/{kind}";
const MENUS = { kind: "menus" } as const;

/** What callers did in each menu after they had come to it, beside its keys. */
const OTHERS = ["no_input", "invalid_keys", "menu_left"] as const;

/** Of each menu: how many came, and what they pressed. */
export function Menus({ asked, reports, known }: ViewProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const [wanted, setWanted] = useState(asked);
  const { from, to } = asked;
  const by = (dimension: string) => queryOf({ ...asked, by: dimension });
  const { answer, error } = useAnswer(
    async (cut) => {
      const outline = inAny(language, (spoken) => ask("get", "/api/v1/hotline/outline", { query: spoken }, cut));
      const [menus, keys, drawn] = await Promise.all([
        ask("get", PATH, { path: MENUS, query: by("menu") }, cut),
        ask("get", PATH, { path: MENUS, query: by("key") }, cut),
        outline.catch(() => null), // without it keys have no words
      ]);
      return menusOf(menus, keys, drawn);
    },
    [from, to, language],
  );
  const report = reports.find(({ kind }) => kind === "menus");
  const of = (id: string) => report?.figures.find((each) => each.id === id);
  const name = (id: string) => of(id)?.name[language] ?? id;
  return (
    <>
      <form
        class={styles.filters}
        onSubmit={(event) => {
          event.preventDefault();
          go(addressOf(wanted));
        }}
      >
        <Days asked={wanted} onChange={(changed) => setWanted({ ...wanted, ...changed })} />
        <button type="submit" data-primary>
          {say(TEXTS.show)}
        </button>
        <Files kind={MENUS.kind} query={by("key")} />
      </form>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      {answer === null && error === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>}
      {answer?.length === 0 && error === null && <p class={sheet.nothing}>{say(TEXTS.nothing)}</p>}
      {report && answer !== null && answer.length > 0 && (
        <>
          <p>
            {report.figures.map((each) => (
              <span key={each.id} class={styles.defined}>
                {each.name[language]}
                <About of={each} />
              </span>
            ))}
          </p>
          {answer.map(({ id, figures, keys }) => {
            const came = figures.menu_entries ?? 0;
            const rows = [
              ...keys.map((each) => ({
                ...each,
                key: each.key,
                words: [each.key, each.label].filter(Boolean).join(" "),
              })),
              ...OTHERS.map((each) => ({ key: each, words: name(each), times: figures[each] ?? 0 })),
            ];
            return (
              <section key={id} class={styles.part} data-menu={id}>
                <h2>{called(known.names?.menus, id, language)}</h2>
                <p class={sheet.quiet}>{say(TEXTS.came, { count: figure(came, "count", language) })}</p>
                <table class={`${sheet.table} ${styles.keys}`}>
                  <thead>
                    <tr>
                      <th scope="col">{name("keys")}</th>
                      <th scope="col" class={styles.figure}>
                        {say(TEXTS.times)}
                      </th>
                      <th scope="col">{say(TEXTS.shareOf)}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map(({ key, words, times }) => (
                      <tr key={key} data-key={key}>
                        <th scope="row">{words}</th>
                        <td class={styles.figure}>{figure(times, "count", language)}</td>
                        <td>
                          {came > 0 && figure((100 * times) / came, "percent", language)}
                          <span
                            class={styles.bar}
                            aria-hidden="true"
                            style={{ "--share": `${100 * share(times, "count", came)}%` }}
                          />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
            );
          })}
        </>
      )}
    </>
  );
}
