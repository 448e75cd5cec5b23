/** The draft of a person: kept by the browser until it is published or put away. */

import { keptValue } from "../../frame/kept";
import type { Store } from "../../frame/store";
import { type Draft, FILES, type FileName, type Files } from "./model";

/** What is in use, as a draft begins from it. */
export interface InUse extends Draft {
  readonly author: string;
  readonly note: string;
  /** When it was published: ISO 8601. */
  readonly at: string;
}

export type KeptDraft = Store<Draft | null>;

/** A store for this tab; the browser keeps the last draft of each person. Null: nothing is changed. */
export function keptDraft(person: string): KeptDraft {
  return keptValue<Draft | null>(`tree.draft.${person}`, isDraft, null);
}

function isDraft(value: unknown): value is Draft | null {
  if (value === null) return true;
  const { files, version, etag } = (value ?? {}) as Partial<Draft>;
  return typeof files?.["hotline.yaml"] === "string" && typeof version === "number" && typeof etag === "string";
}

/** The files that differ. One that is missing is as an empty one. */
export function changed(one: Files, other: Files): readonly FileName[] {
  return FILES.filter((file) => (one[file] ?? "") !== (other[file] ?? ""));
}

/** The draft as it is kept once the file has that text. Null: it is what is in use. */
export function written(kept: Draft | null, inUse: Draft, file: FileName, text: string): Draft | null {
  const before = kept ?? inUse;
  if ((before.files[file] ?? "") === text) return kept;
  const draft = { files: { ...before.files, [file]: text }, version: before.version, etag: before.etag };
  return settled(draft, inUse);
}

/** A draft that says the same as what is in use is none. */
export function settled(kept: Draft | null, inUse: Draft): Draft | null {
  return kept === null || changed(kept.files, inUse.files).length === 0 ? null : kept;
}

/** Somebody has published since the draft began. */
export function behind(kept: Draft | null, inUse: Draft): boolean {
  return kept !== null && kept.etag !== inUse.etag;
}
