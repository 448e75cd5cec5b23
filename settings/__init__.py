"""The settings of an installation: where they come from, what they may be, and its secrets."""
