"""The engine, pure. `step` is where to begin; its modules are named after what they decide."""
