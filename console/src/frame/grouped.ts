/** A caller's number in the groups in which people say it: `138 0013 8000`, `021 6212 3456`, `0572 212 3456`. */

const SHAPES = [/^(1[3-9]\d)(\d{4})(\d{4})$/, /^(010|02\d)(\d{4})(\d{4})$/, /^(0[3-9]\d{2})(\d{3,4})(\d{4})$/];

/** One group for a number of any other form. */
export function grouped(number: string): readonly string[] {
  for (const shape of SHAPES) {
    const found = shape.exec(number);
    if (found !== null) return found.slice(1);
  }
  return [number];
}
