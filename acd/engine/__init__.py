"""The engine, pure: `step` is where to begin. Queues, lines, places, agents, routing, estimates, rings, talks, time."""
