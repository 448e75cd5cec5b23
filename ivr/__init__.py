"""Menu trees: their model, the interpreter that walks them, opening hours and calendars."""
