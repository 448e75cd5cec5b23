/** A component that is drawn again only when one of its properties is another one, or by its own hooks. */

import { Component, type FunctionComponent, h } from "preact";

export function memo<P extends object>(drawn: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return differ(this.props, next);
    }

    render() {
      return h(drawn, this.props as P);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}

/** Whether the two have not the same names with the same values. */
export function differ(one: Readonly<object>, other: Readonly<object>): boolean {
  const [known, found] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  for (const name in found) if (!(name in known) || !Object.is(known[name], found[name])) return true;
  for (const name in known) if (!(name in found)) return true;
  return false;
}
