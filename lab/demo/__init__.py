"""`./wutong demo`: a hotline of its own with robots for callers and agents, and a history behind it."""
