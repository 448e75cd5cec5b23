"""How many HTTP connections there may be; `service.process.descriptors` uses these numbers."""

HTTP_BACKLOG = 128
"""Connections that the kernel keeps while the loop is busy; the loop accepts them all at once before it cuts any."""

MOST_CONNECTIONS = 250
