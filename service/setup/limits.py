"""How many HTTP connections there may be; `service.process.descriptors` counts with them."""

HTTP_BACKLOG = 128
"""Connections that the kernel keeps while the loop is busy, and so many are accepted at once before any is cut."""

MOST_CONNECTIONS = 250
