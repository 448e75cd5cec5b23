"""A call: the machine of its life, its shell (`live/`), its story, its search and its history, its routes."""
