"""The service and its supervisor, put together, started and stopped in order."""
