"""Missed callers: who tried to reach the hotline and spoke with nobody; and their places, kept for a while."""
