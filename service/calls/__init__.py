"""The life of each live call, and the engine's shell."""
