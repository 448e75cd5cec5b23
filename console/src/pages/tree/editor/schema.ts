/** The part of JSON Schema (draft-07) that `./wutong schema` writes, followed along a path. No DOM. */

import type { Step } from "./yaml";

export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const DEEPEST = 8;

/** What a value may be: each alternative without references. The description of the key stays with the first of them. */
export function alternatives(schema: Schema, whole: Schema, depth = 0): Schema[] {
  if (depth > DEEPEST) return [];
  const inner: Schema[] = [];
  if (schema.$ref !== undefined) {
    const named = whole.definitions?.[schema.$ref.replace("#/definitions/", "")];
    if (named !== undefined) inner.push(named);
  }
  inner.push(...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? []));
  const found = inner.flatMap((each) => alternatives(each, whole, depth + 1));
  return inner.length === 0 || OWN.some((word) => word in schema) ? [schema, ...found] : found;
}

/** What makes a schema an alternative of its own, though it has others in it. */
const OWN = ["type", "properties", "items", "enum", "const"] as const;

/** Of the alternatives those that know all these keys; all of them if none does. */
export function fitting(found: readonly Schema[], keys: readonly string[]): readonly Schema[] {
  const objects = found.filter((schema) => schema.properties !== undefined || below(schema) !== null);
  const left = objects.filter((schema) => keys.every((key) => schema.properties?.[key] ?? below(schema)));
  return left.length > 0 ? left : objects;
}

/** What the schema says of the value at a path; empty: nothing. The first of them has the description of the key. */
export function schemasAt(whole: Schema, path: readonly Step[]): readonly Schema[] {
  let found: readonly Schema[] = [whole];
  for (const { key, beside } of path) {
    const here = found.flatMap((schema) => alternatives(schema, whole));
    const next =
      typeof key === "number"
        ? here.map((schema) => schema.items)
        : fitting(here, [...beside, key].filter(Boolean)).map((schema) => schema.properties?.[key] ?? below(schema));
    found = next.filter((schema) => schema !== undefined && schema !== null);
  }
  return found;
}

/** What each value of a mapping with names of its own may be. */
function below(schema: Schema): Schema | null {
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : null;
}
