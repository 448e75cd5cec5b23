/** What the parts of this page agree on: the draft that is edited, what a pane is given, and what it reports. */

/** The files of a draft, in the order in which they are shown. Recordings are no part of it: those of the hotline's folder count. */
export const FILES = ["hotline.yaml", "agents.yaml", "tests.yaml"] as const;
export type FileName = (typeof FILES)[number];

/** Text by file. `tests.yaml` may be missing, as in a folder. */
export type Files = Readonly<Partial<Record<FileName, string>>>;

/** A draft as it is now. */
export interface Draft {
  readonly files: Files;
  /** The number of the published version from which it began. */
  readonly version: number;
  /** The ETag of the version that was in use when the draft began: what `If-Match` gets. */
  readonly etag: string;
}

/** A menu, queue or sub-hotline as the picture names it in `data-place`: `menus/main`, `queues/water`. */
export type PlaceName = string;

/** A place in a file. Line and column count from 1. */
export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What every pane is given. */
export interface PaneProps extends Draft {
  /** The caller of a walk, or a difference, is there: show it in the picture. Null: nowhere. */
  readonly onPlace: (place: PlaceName | null) => void;
  /** The reader wants to see that line: open it in the editor. */
  readonly onSpot: (spot: Spot) => void;
  /** The reader compares the draft with that version: mark in the picture what differs. Null: no longer. */
  readonly onMark?: (version: number | null) => void;
  /** The person has published a version from here, and all callers get it: begin a new draft from it. */
  readonly onPublished: (version: number) => void;
}
