/** What stands where in a YAML text: paths, keys, the lines of a place. By CodeMirror's own parser; a text that is half typed
 *  is understood as far as it goes. No DOM.
 */

import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@lezer/yaml";
import { NAMED } from "../kinds";

/** One step into a mapping or a list. */
export interface Step {
  readonly key: string | number;
  /** The other keys of that mapping; of a list none. */
  readonly beside: readonly string[];
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A text and its tree. */
export interface Doc {
  readonly text: string;
  readonly tree: Tree;
}

export function parse(text: string): Doc {
  return { text, tree: parser.parse(text) };
}

const COLLECTIONS = /^(Block|Flow)(Mapping|Sequence)$/;

/** `"1"` and `'1'` → `1`. */
export function unquoted(written: string): string {
  const quote = written[0];
  return (quote === '"' || quote === "'") && written.length > 1 && written.endsWith(quote)
    ? written.slice(1, -1)
    : written;
}

export function keyOf(pair: SyntaxNode, text: string): string {
  const key = pair.getChild("Key");
  return key === null ? "" : unquoted(text.slice(key.from, key.to));
}

/** What stands behind the colon of a pair; null: nothing. */
export function contentOf(pair: SyntaxNode): SyntaxNode | null {
  const last = pair.lastChild;
  return last === null || /^(Key|:|⚠)$/.test(last.name) ? null : last;
}

/** The pairs of a mapping. */
export function pairs(mapping: SyntaxNode | null): SyntaxNode[] {
  return mapping !== null && COLLECTIONS.test(mapping.name) ? mapping.getChildren("Pair") : [];
}

export function root({ tree }: Doc): SyntaxNode | null {
  return tree.topNode.getChild("Document")?.getChild("BlockMapping") ?? null;
}

/** The steps that lead to a node from the root. */
export function pathTo(node: SyntaxNode, text: string): Step[] {
  const steps: Step[] = [];
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    const above = at.parent;
    if (at.name === "Pair") {
      const others = pairs(above).filter((pair) => pair.from !== at?.from);
      steps.unshift({ key: keyOf(at, text), beside: others.map((pair) => keyOf(pair, text)) });
    } else if (at.name === "Item" && above !== null) {
      const items = above.getChildren("Item");
      steps.unshift({ key: items.findIndex((item) => item.from === at?.from), beside: [] });
    }
  }
  return steps;
}

/** The pair at exactly that path; null: there is none. */
export function pairAt(doc: Doc, path: readonly string[]): SyntaxNode | null {
  let mapping = root(doc);
  let found: SyntaxNode | null = null;
  for (const step of path) {
    found = pairs(mapping).find((pair) => keyOf(pair, doc.text) === step) ?? null;
    if (found === null) return null;
    mapping = contentOf(found);
  }
  return found;
}

/** The keys of a section, as `queues`. */
export function namesIn(doc: Doc, section: string): string[] {
  const pair = pairAt(doc, [section]);
  return pair === null ? [] : pairs(contentOf(pair)).map((each) => keyOf(each, doc.text));
}

/** The words of a list. */
export function itemsOf(list: SyntaxNode | null, text: string): string[] {
  return (list?.getChildren("Item") ?? []).map((item) => unquoted(text.slice(item.from, item.to).trim()));
}

/** The keys of every mapping that `key` has anywhere: skills are the keys of each `needs`. */
export function keysBelow(doc: Doc, key: string): string[] {
  const found = new Set<string>();
  doc.tree.iterate({
    enter({ node }) {
      if (node.name !== "Pair" || keyOf(node, doc.text) !== key) return;
      for (const pair of pairs(contentOf(node))) found.add(keyOf(pair, doc.text));
    },
  });
  return [...found];
}

/** The text of a place as `menus/main`; of `hotline/…` the head of the file. Null: it is not in the text. */
export function rangeOf(doc: Doc, place: string): Range | null {
  const [section = "", name = ""] = place.split("/");
  const pair = section === "hotline" ? pairs(root(doc))[0] : pairAt(doc, [section, name]);
  return pair === undefined || pair === null ? null : { from: pair.from, to: pair.to };
}

/** The place whose text holds that position; null: none. */
export function placeAt(doc: Doc, at: number): string | null {
  for (const side of [1, -1] as const) {
    const steps = pathTo(doc.tree.resolveInner(at, side), doc.text);
    const [section, name] = steps.map(({ key }) => String(key));
    if (section !== undefined && name && NAMED.some((kind) => kind.section === section)) return `${section}/${name}`;
  }
  return null;
}
