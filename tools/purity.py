"""A contract of import-linter: every module is pure, but for the shells that `pyproject.toml` names.

A pure module imports nothing that does I/O, reads a clock or draws by chance, and no shell. So what it imports is pure,
too, however long the way.
"""

from collections.abc import Set
from fnmatch import fnmatchcase
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PureUnlessListed(Contract):
    """shells   names of modules that may do I/O; `*` stands for any letters, dots too
    impure   packages that a pure module may not import, each with all that is in it
    allowed  single imports of these in pure modules, as `module -> package`, with a reason beside each
    """

    shells = fields.SetField(fields.StringField())
    impure = fields.SetField(fields.StringField())
    allowed = fields.SetField(fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        allowed = _names(self.allowed)
        ours = set(self.session_options["root_packages"]) - {"lab"}
        pure = sorted(module for module in graph.modules if module.split(".")[0] in ours and not self._shell(module))
        wrong = [
            f"{module} -> {imported}"
            for module in pure
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if self._impure(imported, ours) and f"{module} -> {imported}" not in allowed
        ]
        stale = sorted(
            pattern for pattern in _names(self.shells) if not any(fnmatchcase(name, pattern) for name in graph.modules)
        )
        return ContractCheck(kept=not wrong and not stale, metadata={"wrong": wrong, "stale": stale})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for found in check.metadata["wrong"]:
            output.print_error(f"{found}: a pure module imports what is not", bold=False)
        for pattern in check.metadata["stale"]:
            output.print_error(f"no module is named {pattern} any more: take it out of the shells", bold=False)

    def _shell(self, module: str) -> bool:
        return any(fnmatchcase(module, pattern) for pattern in _names(self.shells))

    def _impure(self, module: str, ours: set[str]) -> bool:
        root = module.split(".")[0]
        return root in _names(self.impure) or (root in ours and self._shell(module))


def _names(field: object) -> Set[str]:
    """What a field holds once import-linter has read it: the class says `SetField`, an instance has the set."""
    return cast(Set[str], field or frozenset())
