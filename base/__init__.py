"""What all packages stand on: folders, the clock, the log, supervised tasks, processes and their limits."""
