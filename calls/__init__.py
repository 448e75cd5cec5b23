"""Calls: what is told of each, the live ones and the history."""
