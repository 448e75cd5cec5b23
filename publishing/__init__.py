"""How another hotline comes into use: drafts, versions, trials, what changes for callers, what must be ready before."""
