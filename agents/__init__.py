"""Who the agents are, their skills and languages, and the table of their states."""
