"""Composition: it puts all parts together and starts them (`app/`), the edge of HTTP (`http/`), and the commands of an
installation as a whole (`cli/`).
"""
