"""Who the agents are, their skills and languages, their states, and what they ask for themselves."""
