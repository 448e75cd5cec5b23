/** How tiles fill a room: in how many columns, how large, and how much each one shows. Pure. */

/** What a tile shows: 3 all, 2 without the last hour, 1 only who waits, the service level and who is free, 0 not even the
 *  service level. */
export type Detail = 0 | 1 | 2 | 3;

/** The fullest first: how many small letters such a tile is wide and high. See QueueTile.module.css. */
const FORMS: readonly { readonly detail: Detail; readonly wide: number; readonly high: number }[] = [
  { detail: 3, wide: 15, high: 17.5 },
  { detail: 2, wide: 15, high: 14.4 },
  { detail: 1, wide: 13, high: 8.5 },
  { detail: 0, wide: 10, high: 6.4 },
];
const LEAST = FORMS.length - 1;

/** Pixels of a small letter, however little room there is. */
const SMALLEST = 8;

/** Pixels that divisions lose. */
const ROUNDING = 0.01;

export interface Fit {
  readonly across: number;
  /** Pixels of a small letter. */
  readonly unit: number;
  readonly detail: Detail;
  /** Pixels that the room has to be high, for letters that can be read. */
  readonly least: number;
}

export interface Room {
  readonly width: number;
  readonly height: number;
  /** Between two tiles. */
  readonly gap: number;
  /** Pixels of a small letter: below `readable` a tile shows less instead; it never needs more than `most`. */
  readonly readable: number;
  readonly most: number;
}

/** How `count` tiles fill the room: all that can be read is shown, and as large as it can be. */
export function fill(count: number, room: Room): Fit {
  const ways = balanced(count);
  const least = leastHeight(ways, count, room);
  for (const form of FORMS) {
    const [across, unit] = largest(ways, count, room, form);
    if (unit + ROUNDING >= room.readable || form === FORMS[LEAST]) {
      return {
        across,
        unit: Math.max(SMALLEST, Math.floor(Math.min(room.most, unit) + ROUNDING)),
        detail: form.detail,
        least,
      };
    }
  }
  throw new RangeError("there is a least form");
}

/** Numbers of columns that leave no row nearly empty: the last one is at least half full. */
function balanced(count: number): number[] {
  const ways = [];
  for (let across = 1; across <= Math.max(1, count); across += 1) {
    const last = count % across || across;
    if (2 * last >= across) ways.push(across);
  }
  return ways;
}

type Form = (typeof FORMS)[number];

function unitAcross(across: number, { width, gap }: Room, form: Form): number {
  return (width - gap * (across - 1)) / across / form.wide;
}

/** The columns with the largest letters, and these. */
function largest(ways: readonly number[], count: number, room: Room, form: Form): [across: number, unit: number] {
  let best: [number, number] = [1, 0];
  for (const across of ways) {
    const down = Math.max(1, Math.ceil(count / across));
    const high = (room.height - room.gap * (down - 1)) / down / form.high;
    const unit = Math.min(unitAcross(across, room, form), high);
    if (unit > best[1] * 1.001) best = [across, unit];
  }
  return best;
}

/** Of tiles that show the least, as many beside each other as can be read. */
function leastHeight(ways: readonly number[], count: number, room: Room): number {
  const form = FORMS[LEAST] as Form;
  const across = ways.filter((tried) => unitAcross(tried, room, form) >= room.readable).at(-1) ?? 1;
  const down = Math.max(1, Math.ceil(count / across));
  return Math.ceil(down * form.high * room.readable + room.gap * (down - 1));
}
