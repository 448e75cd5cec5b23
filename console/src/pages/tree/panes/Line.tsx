import { useSpeaker } from "../../../texts/language";
import type { PaneProps, Spot } from "../model";
import { TEXTS } from "./texts";

/** Leads to a line of a file. */
export function Line({ spot, onSpot }: { spot: Spot; onSpot: PaneProps["onSpot"] }) {
  const { say } = useSpeaker();
  return (
    <button type="button" data-plain data-line={`${spot.file}:${spot.line}`} onClick={() => onSpot(spot)}>
      {spot.file} {say(TEXTS.toLine, { line: spot.line })}
    </button>
  );
}
