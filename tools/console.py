"""What maintainers make for the console, in the tests' environment.

python -m tools.console types           # console/src/api/schema.ts, after a change of the HTTP interface
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from lab.console import FOLDER
from tests.unit.service.world import World

TYPES = FOLDER / "src" / "api" / "schema.ts"
GENERATOR = FOLDER / "node_modules" / ".bin" / "openapi-typescript"


def types() -> str:
    """TypeScript of the HTTP interface's description: what can be asked, and what is answered when it is done."""
    with tempfile.TemporaryDirectory() as folder:
        described, generated = Path(folder) / "openapi.json", Path(folder) / "schema.ts"
        described.write_text(json.dumps(_without_errors(World().app().openapi())))
        options = ("--root-types", "--root-types-no-schema-prefix", "--immutable", "--output", str(generated))
        subprocess.run((str(GENERATOR), str(described), *options), cwd=FOLDER, check=True, capture_output=True)
        return generated.read_text()


def _without_errors(document: dict[str, Any]) -> dict[str, Any]:
    """Every error is a `Problem`; said for each route, that is two thirds of the types."""
    for operations in document["paths"].values():
        for operation in operations.values():
            answers = operation["responses"].items()
            operation["responses"] = {status: answer for status, answer in answers if status < "400"}
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["types"])
    parser.parse_args()
    TYPES.write_text(types())


if __name__ == "__main__":
    main()
