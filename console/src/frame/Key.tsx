/** The key that does the same as a button. */
export function Key({ name }: { name: string }) {
  return <kbd>{name}</kbd>;
}
