"""Menu trees: the model and the interpreter that walks it."""
