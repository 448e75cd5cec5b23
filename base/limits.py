"""How many connections there may be; `service.descriptors` uses these numbers."""

HTTP_BACKLOG = 128
"""Connections that the kernel keeps while the loop is busy; the loop accepts them all at once before it cuts any."""

MOST_CONNECTIONS = 250
"""Of HTTP."""

MOST_HANDSHAKES = 64
"""Further ones of HTTP that agree on TLS at this moment, which takes each a few milliseconds."""

ROOM = 50
"""AGI sessions beyond `max_calls`: for agents' codes and calls, test calls, and callers who are told that all lines are
busy."""
