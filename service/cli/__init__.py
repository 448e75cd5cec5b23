"""The command line: `commands` is where to begin."""
