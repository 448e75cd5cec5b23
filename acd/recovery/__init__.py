"""The engine after a restart, pure: its state as JSON, and the fold of the Records since."""
