"""Processes: who starts the service, watches it and is told how it is."""
