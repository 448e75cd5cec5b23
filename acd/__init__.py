"""Queues: their model, the engine that matches callers with agents, the measures, the journal."""
