/** How long a message may be on, to choose from. Pure. */

const HOURS = [1, 2, 4, 8, 12, 24, 48];

/** Hours, from short to long: the usual ones up to the most, and the one that counts where nobody says. */
export function choices(usual: number, most: number): readonly number[] {
  return [...new Set([...HOURS.filter((hours) => hours <= most), usual])].sort((one, other) => one - other);
}
