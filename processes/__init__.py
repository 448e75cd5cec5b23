"""Obtaining and supervising processes: Asterisk, the service, what they leave in the state folder, and its owners."""
