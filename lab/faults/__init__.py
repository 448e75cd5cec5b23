"""Things that break on command, for tests of what the service makes of it."""
