"""A hotline folder as one thing: loading it with line and column, cross-checks, digest."""
