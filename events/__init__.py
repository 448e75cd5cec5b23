"""The running hotline as people watch it: queues, agents and callers now, the stream of their changes, the news."""
