"""Callbacks: callers who have hung up, keep their places, and are called back when it is their turn."""
