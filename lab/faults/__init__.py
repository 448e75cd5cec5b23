"""Things that break on command, to test how the service handles it."""
