/** What a file says, as the service has it: texts, yes and no, lists, mappings. Pure. */

export type Value = null | boolean | string | number | readonly Value[] | { readonly [key: string]: Value };
export type Entries = { readonly [key: string]: Value };
export type Path = readonly (string | number)[];

/** What is at that path; null: nothing. */
export function at(value: Value | undefined, ...path: Path): Value {
  let found: Value | undefined = value;
  for (const step of path) {
    if (found === null || found === undefined || typeof found !== "object") return null;
    found = (found as { readonly [key: string | number]: Value })[step];
  }
  return found ?? null;
}

/** The keys and values of a mapping, in the order of the file; of anything else none. */
export function entries(value: Value): Entries {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Entries) : {};
}

export function items(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

/** As a field shows it. */
export function text(value: Value): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** `part` begins as `whole` does. */
export function within(part: Path, whole: Path): boolean {
  return whole.every((step, index) => part[index] === step);
}

/** What a text says in that language: one without languages says the same in all. */
export function spoken(value: Value, language: string): string {
  return typeof value === "string" ? value : text(at(value, language)) || text(at(value, "*"));
}

/** A skill has its own name, else that of the queue that is called as it is, else the one in the file. */
export function skillName(hotline: Value | undefined, skill: string, language: string): string {
  const said = (names: Value) => spoken(names, language) || Object.values(entries(names)).map(text).find(Boolean);
  return said(at(hotline, "skills", skill)) || said(at(hotline, "queues", skill, "name")) || skill;
}

/** A name for something new, from its English or other name: `Street trees` → `street-trees`; one that is not taken. `longest`:
 *  characters. */
export function freeName(from: string, taken: readonly string[], otherwise: string, longest = 40): string {
  const plain = from
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "")
    .slice(0, longest - 3)
    .replace(/-$/, "");
  const base = plain || otherwise;
  let name = base;
  for (let count = 2; taken.includes(name); count += 1) name = `${base}-${count}`;
  return name;
}

/** The first number from the lowest agent's on that nobody has. */
export function freeId(ids: readonly string[]): string {
  const numbers = ids.filter((id) => /^\d{2,9}$/.test(id)).map(Number);
  let free = numbers.length === 0 ? 1001 : Math.min(...numbers);
  while (numbers.includes(free)) free += 1;
  return String(free);
}

export interface Edit {
  readonly do: "set" | "remove" | "rename";
  readonly file: "hotline.yaml" | "agents.yaml" | "tests.yaml";
  readonly path: Path;
  readonly value?: Value;
  readonly to?: string;
}

/** What the file will say once the service has done the edit: shown until its answer is there. */
export function edited(whole: Value, edit: Edit): Value {
  const [step, ...rest] = edit.path;
  if (step === undefined) return edit.value ?? null;
  if (rest.length > 0) {
    const below = edited(at(whole, step), { ...edit, path: rest });
    return edit.do === "set" || at(whole, step) !== null ? put(whole, step, below) : whole;
  }
  if (edit.do === "set") return put(whole, step, edit.value ?? null);
  if (Array.isArray(whole)) {
    const kept: readonly Value[] = whole;
    if (edit.do === "remove") return kept.filter((_, index) => index !== step);
    const [one, other] = [Number(step), Number(edit.to)];
    return kept.map((each, index) => at(kept, index === one ? other : index === other ? one : index) ?? each);
  }
  const others = { [String(step)]: edit.to ?? "", [edit.to ?? ""]: String(step) };
  const kept = Object.entries(entries(whole)).filter(([key]) => edit.do === "rename" || key !== String(step));
  return Object.fromEntries(kept.map(([key, value]) => [edit.do === "rename" ? (others[key] ?? key) : key, value]));
}

function put(whole: Value, step: string | number, value: Value): Value {
  if (typeof step === "string") return { ...entries(whole), [step]: value };
  const list = [...items(whole)];
  list[step] = value;
  return list;
}
