"""Queues: their model, the engine that matches callers with agents, its recovery, what is shown of it."""
