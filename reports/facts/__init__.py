"""Facts for figures, from Records: a pure fold. `fold` is where to begin."""
