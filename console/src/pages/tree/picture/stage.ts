/** The drawing in its room: what part of it is seen, and the places in it. */

import type { Theme } from "../../../frame/theme";
import { type Drawing, styled } from "./drawing";
import { type Acts, keys, placeOf, pointer, wheel } from "./hands";
import { beside, first, moved, neighbour, resized, type Spot, showing, type View, whole, zoomed } from "./view";

export interface Wishes {
  /** What readers of the screen hear of a place. */
  readonly name: (place: string) => string;
  /** The person is at a place: by a click or an arrow key. */
  readonly onChoose: (place: string) => void;
  /** Enter: open its text. */
  readonly onOpen: (place: string) => void;
}

export interface Stage {
  /** Another drawing, at the same part of it. */
  draw(drawing: Drawing): void;
  theme(theme: Theme): void;
  /** Marks the chosen place, or the one where the caller of a walk is, and brings it into sight. Null: none. */
  mark(kind: Mark, place: string | null): void;
  zoom(factor: number): void;
  fit(): void;
  destroy(): void;
}

export type Mark = "chosen" | "here";

const SVG = "http://www.w3.org/2000/svg";

export function stage(root: ShadowRoot, host: HTMLElement, wishes: Wishes): Stage {
  let picture: Drawing | null = null;
  let look: Theme = "system";
  let view: View | null = null;
  let room = { width: host.clientWidth, height: host.clientHeight };
  let spots: Spot[] = [];
  const marks: Record<Mark, string | null> = { chosen: null, here: null };

  const see = (next: (view: View, picture: Drawing) => View) => {
    if (picture === null || room.width === 0) return;
    view = next(view ?? first(picture, room), picture);
    picture.svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  };
  const nodes = () => [...root.querySelectorAll<SVGGElement>("g.node")];
  const node = (place: string | null) => nodes().find((one) => one.dataset.place === place);
  const focus = (place: string) => node(place)?.focus({ preventScroll: true });
  const show = (place: string | null) => {
    const spot = spots.find((one) => one.place === place);
    if (spot !== undefined) see((now, all) => showing(now, spot, all));
  };

  const marked = (kind: Mark, place: string | null) => {
    marks[kind] = place;
    root.querySelector(`.halo.${kind}`)?.remove();
    if (kind === "chosen") tabbable();
    const spot = spots.find((one) => one.place === place);
    if (spot === undefined) return;
    const halo = document.createElementNS(SVG, "rect");
    const box = { x: -6, y: -6, width: spot.width + 12, height: spot.height + 12 };
    for (const [name, value] of Object.entries(box)) halo.setAttribute(name, String(value));
    halo.setAttribute("class", `halo ${kind}`);
    node(place)?.prepend(halo);
  };
  /** One place is in the order of Tab: the chosen one, else the first. */
  const tabbable = () => {
    const there = spots.some(({ place }) => place === marks.chosen);
    for (const each of nodes()) {
      const own = there ? each.dataset.place === marks.chosen : each.dataset.place === spots[0]?.place;
      each.setAttribute("tabindex", own ? "0" : "-1");
      if (own && there) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  };

  const acts: Acts = {
    pan: (x, y) => see((now, all) => moved(now, { x, y }, all, room)),
    zoom: (factor, at) => see((now, all) => zoomed(now, factor, all, room, at)),
    fit: () => see((_, all) => whole(all, room)),
    step(from, key) {
      const next = neighbour(spots, from, key);
      if (next === from) return;
      wishes.onChoose(next);
      focus(next);
    },
    choose(place) {
      wishes.onChoose(place);
      focus(place);
    },
    open: wishes.onOpen,
  };
  const listeners = new AbortController();
  wheel(host, acts, listeners.signal);
  const watcher = new ResizeObserver(() => {
    const before = room;
    room = { width: host.clientWidth, height: host.clientHeight };
    see((now, all) => (before.width > 0 ? resized(now, before, room, all) : first(all, room)));
  });
  watcher.observe(host);

  return {
    draw(next) {
      const active = root.activeElement instanceof SVGElement ? root.activeElement.dataset.place : undefined;
      picture?.svg.remove();
      picture = next;
      root.adoptedStyleSheets = [styled(next.style, look)];
      next.svg.setAttribute("role", "group");
      keys(next.svg, acts);
      pointer(next.svg, acts);
      next.svg.addEventListener("focusin", (event) => show(placeOf(event)));
      root.append(next.svg);
      spots = nodes().map((each) => {
        const place = each.dataset.place ?? "";
        each.setAttribute("role", "img"); // a button would be named by all the words on its card
        each.setAttribute("aria-label", wishes.name(place));
        return { place, ...boxOf(each, next.svg) };
      });
      const begins = view === null ? spots[0] : undefined;
      see((now, all) => (begins === undefined ? now : beside(now, begins, all)));
      for (const kind of ["chosen", "here"] as const) marked(kind, marks[kind]);
      if (active !== undefined) focus(active);
    },
    theme(next) {
      look = next;
      if (picture !== null) root.adoptedStyleSheets = [styled(picture.style, look)];
    },
    mark(kind, place) {
      marked(kind, place);
      show(place);
    },
    zoom: acts.zoom,
    fit: acts.fit,
    destroy() {
      listeners.abort();
      watcher.disconnect();
    },
  };
}

/** Where a card is, by the numbers in the drawing: two moves, of its block and of its own, and its frame. */
function boxOf(node: SVGGElement, svg: SVGSVGElement) {
  let [x, y] = [0, 0];
  for (let at: Element | null = node; at !== null && at !== svg; at = at.parentElement) {
    const found = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(at.getAttribute("transform") ?? "");
    x += Number(found?.[1] ?? 0);
    y += Number(found?.[2] ?? 0);
  }
  const frame = node.querySelector("rect.frame");
  return { x, y, width: Number(frame?.getAttribute("width")), height: Number(frame?.getAttribute("height")) };
}
