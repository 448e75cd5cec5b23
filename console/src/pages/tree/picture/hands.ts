/** What keys, mouse and touch do to the picture. */

export interface Acts {
  /** By so many pixels of the screen. */
  readonly pan: (x: number, y: number) => void;
  /** `at`: the point of the room that stays, 0 to 1; left out: its middle. */
  readonly zoom: (factor: number, at?: { x: number; y: number }) => void;
  readonly fit: () => void;
  /** An arrow key at a place. */
  readonly step: (place: string, key: string) => void;
  readonly choose: (place: string) => void;
  readonly open: (place: string) => void;
}

export const STEP = 1.25;
const PAN = 80;
/** Pixels that a hand may tremble in a click. */
const STILL = 4;

/** The place that an event is about; null: none. */
export function placeOf(event: Event): string | null {
  const node = event.target instanceof Element ? event.target.closest<SVGGElement>("g.node") : null;
  return node?.dataset.place ?? null;
}

export function keys(svg: SVGSVGElement, acts: Acts): void {
  svg.addEventListener("keydown", (event) => {
    const place = placeOf(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = event.key.startsWith("Arrow");
    if (event.key === "+" || event.key === "=") acts.zoom(STEP);
    else if (event.key === "-") acts.zoom(1 / STEP);
    else if (event.key === "0") acts.fit();
    else if (arrow && event.shiftKey) {
      const by = /Left|Up/.test(event.key) ? -PAN : PAN;
      if (/Left|Right/.test(event.key)) acts.pan(by, 0);
      else acts.pan(0, by);
    } else if (arrow && place !== null) acts.step(place, event.key);
    else if ((event.key === "Enter" || event.key === " ") && place !== null) acts.open(place);
    else return;
    event.preventDefault();
  });
}

/** A hand that drags moves the picture; one that does not chooses. */
export function pointer(svg: SVGSVGElement, acts: Acts): void {
  let held: { x: number; y: number; id: number; far: boolean } | null = null;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button === 0) held = { x: event.clientX, y: event.clientY, id: event.pointerId, far: false };
  });
  svg.addEventListener("pointermove", (event) => {
    if (held === null || held.id !== event.pointerId) return;
    const [x, y] = [held.x - event.clientX, held.y - event.clientY];
    if (!held.far && Math.hypot(x, y) < STILL) return;
    if (!held.far) svg.setPointerCapture(event.pointerId);
    svg.classList.add("moving");
    held = { x: event.clientX, y: event.clientY, id: event.pointerId, far: true };
    acts.pan(x, y);
  });
  const released = (event: PointerEvent) => {
    const place = placeOf(event);
    const click = held !== null && !held.far && event.type === "pointerup";
    held = null;
    svg.classList.remove("moving");
    if (click && place !== null) acts.choose(place);
  };
  svg.addEventListener("pointerup", released);
  svg.addEventListener("pointercancel", released);
}

/** The wheel moves the picture; with Ctrl, and by two fingers, it enlarges. */
export function wheel(host: HTMLElement, acts: Acts, signal: AbortSignal): void {
  const wheeled = (event: WheelEvent) => {
    event.preventDefault();
    if (!event.ctrlKey && !event.metaKey) return acts.pan(event.deltaX, event.deltaY);
    const box = host.getBoundingClientRect();
    const at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    acts.zoom(Math.exp(-event.deltaY / 300), at);
  };
  host.addEventListener("wheel", wheeled, { passive: false, signal });
}
