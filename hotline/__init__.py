"""A hotline's folder as one thing: loading it with line and column, its checks and tests, edits of its files
(`edits/`), its prompts.
"""
