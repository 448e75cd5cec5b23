import { generate } from "lean-qr";
import { useMemo } from "preact/hooks";
import styles from "./Account.module.css";

/** Dots of light around the code: the standard asks for four. */
const MARGIN = 4;

/** Words as a QR code. They stay on this page. */
export function QrCode({ words, title }: { words: string; title: string }) {
  const { size, dots } = useMemo(() => draw(words), [words]);
  const side = size + 2 * MARGIN;
  return (
    <svg class={styles.code} viewBox={`0 0 ${side} ${side}`} role="img" aria-label={title} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="var(--code-light)" />
      <path d={dots} fill="var(--code-dark)" />
    </svg>
  );
}

/** The dark dots as one path. */
function draw(words: string): { size: number; dots: string } {
  const code = generate(words);
  let dots = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) dots += `M${x + MARGIN} ${y + MARGIN}h1v1h-1z`;
  }
  return { size: code.size, dots };
}
