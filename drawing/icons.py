"""The signs of a drawing, drawn on 16 by 16 pixels: strokes, which need no font and print in one colour."""

from collections.abc import Mapping

from ivr.model import KINDS

ICONS: Mapping[str, str] = {
    **{kind.look.drawn: kind.look.icon for kind in KINDS.values() if kind.look.drawn},
    "start": "M3.2 2.2h2.6l1.3 3.3-1.7 1.2a8 8 0 0 0 3.9 3.9l1.2-1.7 3.3 1.3v2.6c0 .6-.5 1-1.1 1C6.9 13.4 2.6 9.1 2.2"
    " 3.3c0-.6.4-1.1 1-1.1z",
    "missing": "M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4v.2",
    "back": "M6.5 3 2.5 7l4 4M2.8 7h6.7a4 4 0 0 1 0 8H8",
    "hung-up": "M4 4l8 8M12 4l-8 8",
    "cross": "M4 4l8 8M12 4l-8 8",
    "transfer": "M2 5.5h11M10 2.5l3 3-3 3M14 11H6",
    "added": "M8 3v10M3 8h10",
    "removed": "M3 8h10",
    "changed": "M3 6h10M3 10h10M10.5 3l-5 10",
    "clock": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.6V8l2.4 1.6",
    "silence": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM6.4 6.2a1.7 1.7 0 1 1 2.4 1.6c-.5.3-.8.6-.8 1.2M8 11.2v.2",
    "unanswered": "M2.5 6.5 6 10l7.5-6.5M2.5 10V6.5H6M2.5 13.5h11",
    "arrow": "M2.5 8h10M9 4.5 12.5 8 9 11.5",
    "language": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM2 8h12M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12",
    "page": "M4 1.8h5.5L12.5 5v9.2H4zM9.3 2v3.2h3",
}
