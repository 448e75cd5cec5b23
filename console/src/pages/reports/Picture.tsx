import { useMemo } from "preact/hooks";
import type { FigureOut, FiguresOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { Columns } from "./Columns";
import { axesOf, drawing } from "./drawing";
import { HeatMap } from "./HeatMap";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";
import { figure, label, type Naming } from "./values";

/** A figure of the report as it is drawn, if it is split by time. */
export function Picture({ made, of, naming }: { made: FiguresOut; of: FigureOut; naming: Naming }) {
  const { say, language } = naming.speaker;
  const drawn = useMemo(() => drawing(made, of.id), [made, of.id]);
  if (drawn === null) {
    const timed = axesOf(made).some((axis) => axis === "begins" || axis === "hour" || axis === "weekday");
    return timed ? <p class={sheet.quiet}>{say(TEXTS.undrawn)}</p> : null;
  }
  const Drawn = drawn.down === null ? Columns : HeatMap;
  const most = figure(drawn.most, of.unit, language);
  const words = say(drawn.down === null ? TEXTS.columns : TEXTS.map, { figure: of.name[language], most });
  const compared = drawn.down === null && made.before !== null;
  return (
    <>
      <p class={sheet.quiet}>
        {words} {compared && say(TEXTS.outline)}
      </p>
      {drawn.parts.map((part) => {
        const apart = part.apart && label(...part.apart, naming);
        return (
          <div key={apart} class={styles.part}>
            {apart && <h2>{apart}</h2>}
            <Drawn drawing={drawn} part={part} of={of} naming={naming} words={apart ? `${apart} · ${words}` : words} />
          </div>
        );
      })}
    </>
  );
}
