"""Messages: what callers have left for a queue, until an agent has answered it; the list, and its sounds."""
