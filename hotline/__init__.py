"""A hotline's folder as one thing: loading it with line and column, its checks and tests, the drawing of its menus
(`drawing/`), the card for citizens (`card/`), edits of its files (`edits/`), its prompts.
"""
