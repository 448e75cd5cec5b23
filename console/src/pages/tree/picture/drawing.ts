/** The service's SVG as a drawing in the page: its own shapes, copied by a list of what is allowed, and its own colours.
 *
 *  The page's Content-Security-Policy takes no style within the document and no markup from a string. So the SVG is parsed
 *  apart, where nothing runs; what is copied are shapes and words; the style sheet is adopted by the shadow root.
 */

import type { Theme } from "../../../frame/theme";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = new Set(["svg", "title", "rect", "g", "path", "circle", "text"]);
const ATTRIBUTES = new Set(
  "class x y width height rx d transform cx cy r viewBox lang stroke-width text-anchor data-place data-from data-link data-to".split(
    " ",
  ),
);

interface Policy {
  createHTML(text: string): string;
}
interface Policies {
  createPolicy(name: string, rules: Policy): Policy;
}

/** Where the browser has Trusted Types the page must say that this text is meant to be parsed. */
const policy = (globalThis as { trustedTypes?: Policies }).trustedTypes?.createPolicy("wutong-picture", {
  createHTML: (text) => text,
});

export interface Drawing {
  readonly svg: SVGSVGElement;
  readonly width: number;
  readonly height: number;
  /** Its style sheet, as text. */
  readonly style: string;
}

/** Throws `SyntaxError` where it is no SVG. */
export function drawing(text: string): Drawing {
  const [whole = "", style = ""] = STYLE.exec(text) ?? [];
  const bare = text.replace(whole, ""); // the policy complains of a style wherever it is parsed
  const parsed = new DOMParser().parseFromString(policy?.createHTML(bare) ?? bare, "image/svg+xml");
  const found = parsed.documentElement;
  if (found.localName !== "svg") throw new SyntaxError("the service sent no picture");
  const [, , width = 0, height = 0] = (found.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const svg = copied(found) as SVGSVGElement;
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  return { svg, width, height, style: unescaped(style) };
}

const STYLE = /<style>([\s\S]*?)<\/style>/;

/** The style sheet as it is written: in SVG its signs may stand for themselves or be escaped. */
function unescaped(style: string): string {
  return style.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

function copied(from: Element): SVGElement {
  const made = document.createElementNS(SVG, from.localName);
  for (const { name, value } of from.attributes) if (ATTRIBUTES.has(name)) made.setAttribute(name, value);
  for (const child of from.childNodes) {
    if (child instanceof Element && child.namespaceURI === SVG && SHAPES.has(child.localName)) {
      made.append(copied(child));
    } else if (child.nodeType === Node.TEXT_NODE && /^(text|title)$/.test(from.localName)) {
      made.append(child.textContent ?? "");
    }
  }
  return made;
}

const OWN = `
:host { display: block; }
svg { display: block; width: 100%; height: 100%; cursor: grab; touch-action: none; user-select: none; }
svg.moving { cursor: grabbing; }
.sheet { fill: none; }
.node { cursor: pointer; outline: none; }
.node:focus-visible .frame { stroke: var(--focus); stroke-width: 5; }
.halo { fill: none; stroke: var(--accent); stroke-width: 4; rx: 12px; pointer-events: none; }
.halo.here { stroke-dasharray: 10 6; stroke: var(--ringing); }
`;

/** The drawing's own style, light or dark as the reader has chosen: its sheet asks the system only. */
export function styled(style: string, theme: Theme): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(style + OWN);
  if (theme === "system") return made;
  for (const rule of made.cssRules) {
    if (rule instanceof CSSMediaRule && rule.media.mediaText.includes("prefers-color-scheme")) {
      rule.media.mediaText = theme === "dark" ? "screen" : "not all";
    }
  }
  return made;
}
