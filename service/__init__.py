"""Composition: settings, command line, HTTP, database, and the life of one call."""
