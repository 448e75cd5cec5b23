"""The engine, pure: `step` is where to begin. Entities, routing, estimates, rings, talks, timers."""
