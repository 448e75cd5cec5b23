"""The engine, pure. `step` is where to begin. Queues, lines and places, agents, routing, estimates, rings, talks, timers."""
