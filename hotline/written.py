"""Where in a file a character of a text is: a text may be folded over lines, indented and in quotation marks. Pure."""

from hotline.document import Node, Scalar
from hotline.problem import Spot


def spot_within(node: Node | None, at: int) -> Spot | None:
    """The spot of the character `at`, from 0, of a scalar's text. Its beginning where the text is written with
    escapes, so that the spot is not sure. None: the node is no scalar.
    """
    if not isinstance(node, Scalar):
        return None
    raw, begin = node.raw, 0
    if raw[:1] in ("|", ">") and not node.plain:
        begin = raw.find("\n") + 1
    elif raw[:1] in ("'", '"') and not node.plain:
        begin = 1
    index = begin - 1
    for character in node.text[: at + 1].replace(" ", ""):
        index += 1
        while index < len(raw) and raw[index].isspace():
            index += 1
        if raw[index : index + 1] != character:
            return node.spot
    before = raw[: max(0, index)]
    line = before.rfind("\n")
    column = index - line if line >= 0 else node.spot.column + index
    return Spot(node.spot.file, node.spot.line + before.count("\n"), column)
