/** What may be written at a position of a file, and what the key there means. A text, a position and a schema go in,
 *  suggestions come out. No DOM.
 */

import type { SyntaxNode } from "@lezer/common";
import { NAMED, type Names, REFERS } from "./names";
import { alternatives, fitting, type Schema, schemasAt } from "./schema";
import { type Doc, parse, pathTo, type Range, type Step } from "./yaml";

export interface Suggestion {
  readonly label: string;
  /** What is written for it; left out: the label. */
  readonly write?: string;
  /** It counts where the key is left out. */
  readonly usual?: boolean;
  readonly info?: string;
  readonly kind: "key" | "value" | "name";
  /** Higher comes first. */
  readonly boost?: number;
}

export interface Completion extends Range {
  readonly suggestions: readonly Suggestion[];
}

/** A name that stands for what is being typed. It is in no hotline. */
const PROBE = "wutong-is-asking";

const WORD = /[^\s,:{}[\]#]*$/;
const REST = /^[^\s,:{}[\]#]*/;

/** Null: nothing is suggested here, as in a comment or in the words of a text. */
export function complete(text: string, at: number, schema: Schema | null, names: Names): Completion | null {
  const from = at - (WORD.exec(text.slice(0, at))?.[0].length ?? 0);
  const to = at + (REST.exec(text.slice(at))?.[0].length ?? 0);
  const inside = parse(text).tree.resolveInner(at, -1);
  if (/^(Comment|BlockLiteral)/.test(inside.name)) return null;
  const colon = /^\s*:(\s|$)/.test(text.slice(to));
  const suggestions: Suggestion[] = [];
  if (mayBeKey(text.slice(0, from), inside)) {
    const node = probed(text, from, to, colon ? PROBE : `${PROBE}: `);
    if (node?.node.parent?.name === "Key") suggestions.push(...keys(node, schema, names, colon));
  }
  if (!colon && mayBeValue(text.slice(0, from))) {
    const node = probed(text, from, to, PROBE);
    if (node !== null && node.node.parent?.name !== "Key") suggestions.push(...values(node, schema, names));
  }
  return suggestions.length === 0 ? null : { from, to, suggestions };
}

/** Where the probe stands, and the text that has it. */
interface Probed {
  readonly node: SyntaxNode;
  readonly text: string;
}

/** In a line of its own, behind hyphens, or within braces. */
function mayBeKey(before: string, inside: SyntaxNode): boolean {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (/^\s*(- +)*$/.test(line) && enclosing(inside) === null) return true;
  return /[{,]\s*$/.test(before) && enclosing(inside)?.name !== "FlowSequence";
}

function mayBeValue(before: string): boolean {
  return /(:[ \n]\s*|[[,]\s*|- +)$/.test(before);
}

/** The braces or brackets around a node; null: it is in none. */
function enclosing(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name.startsWith("Flow")) return at;
  }
  return null;
}

/** The node of the probe in the text that has it instead of what is typed. */
function probed(text: string, from: number, to: number, probe: string): Probed | null {
  const asked = text.slice(0, from) + probe + text.slice(to);
  const node = parse(asked).tree.resolveInner(from + 1, 1);
  return asked.slice(node.from, node.to) === PROBE ? { node, text: asked } : null;
}

function keys({ node, text }: Probed, schema: Schema | null, names: Names, colon: boolean): Suggestion[] {
  if (schema === null) return [];
  const steps = pathTo(node, text);
  const last = steps.pop();
  const present = last?.beside ?? [];
  const here = schemasAt(schema, steps).flatMap((each) => alternatives(each, schema));
  const found = new Map<string, Suggestion>();
  const suffix = colon ? "" : ": ";
  for (const each of fitting(here, present)) {
    for (const [key, value] of Object.entries(each.properties ?? {})) {
      const needed = each.required?.includes(key) ?? false;
      if (present.includes(key) || found.has(key)) continue;
      found.set(key, { label: key, write: key + suffix, kind: "key", boost: needed ? 1 : 0, ...explained(value) });
    }
    for (const key of ownKeys(each, steps, names)) {
      if (present.includes(key)) continue;
      const written = /^[a-z]/.test(key) ? key : `"${key}"`;
      found.set(key, { label: written, write: written + suffix, kind: "name" });
    }
  }
  return [...found.values()];
}

/** The keys of a mapping with names of its own, where they are known. */
function ownKeys(schema: Schema, steps: readonly Step[], names: Names): readonly string[] {
  if (schema.propertyNames?.enum !== undefined) return schema.propertyNames.enum.map(String);
  if (typeof schema.additionalProperties !== "object") return [];
  return names[NAMED[String(steps.at(-1)?.key)] ?? ""] ?? [];
}

function values({ node, text }: Probed, schema: Schema | null, names: Names): Suggestion[] {
  const steps = pathTo(node, text);
  const found = new Map<string, Suggestion>();
  const add = (one: Suggestion) => found.has(one.label) || found.set(one.label, one);
  const key = [...steps].reverse().find((step) => typeof step.key === "string")?.key;
  for (const name of names[REFERS[String(key)] ?? ""] ?? []) add({ label: written(name), kind: "name", boost: 2 });
  if (schema === null) return [...found.values()];
  const here = schemasAt(schema, steps);
  for (const each of here.flatMap((one) => alternatives(one, schema))) {
    for (const value of each.enum ?? []) add({ label: written(value), kind: "value", boost: 1 });
    if (each.const !== undefined) add({ label: written(each.const), kind: "value", boost: 1 });
    if (each.type === "boolean") for (const value of ["true", "false"]) add({ label: value, kind: "value" });
    for (const required of each.required?.slice(0, 1) ?? []) {
      if (each.type === "object")
        add({ label: `{${required}: }`, kind: "key", ...explained(each.properties?.[required]) });
    }
  }
  for (const { default: usual, examples = [] } of here) {
    if (usual !== undefined && typeof usual !== "object") add({ label: written(usual), kind: "value", usual: true });
    if (key === undefined || REFERS[String(key)]) continue;
    for (const each of examples) if (typeof each !== "object") add({ label: written(each), kind: "value", boost: -1 });
  }
  return [...found.values()];
}

function explained(schema: Schema | undefined): { info?: string } {
  return schema?.description === undefined ? {} : { info: schema.description };
}

/** A value as YAML has it: what would be a number, a truth or a sign is in quotation marks. */
function written(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return /^[\p{L}_][^:#"'{}[\],&*!|>%@`]*$/u.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : /^[\d.]+[smhd]$/.test(value)
      ? value
      : JSON.stringify(value);
}

export interface Meaning extends Range {
  /** `queues › water › ring`. */
  readonly path: string;
  readonly description: string;
  readonly usual: string | null;
}

/** What the key at a position means; null: it is no key that the schema describes. */
export function meaning(doc: Doc, at: number, schema: Schema): Meaning | null {
  for (let node: SyntaxNode | null = doc.tree.resolveInner(at, 1); node !== null; node = node.parent) {
    if (node.name !== "Key" || node.parent === null) continue;
    const steps = pathTo(node.parent, doc.text);
    const [found] = schemasAt(schema, steps);
    if (found?.description === undefined) return null;
    return {
      from: node.from,
      to: node.to,
      path: steps.map(({ key }) => key).join(" › "),
      description: found.description,
      usual: found.default === undefined ? null : written(found.default),
    };
  }
  return null;
}
