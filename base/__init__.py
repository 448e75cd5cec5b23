"""What all packages use: folders, the clock, the log, supervised tasks, processes and their limits."""
