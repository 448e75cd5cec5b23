"""Live calls: the shell around the machine of each call, between Asterisk, the engine and the journal."""
