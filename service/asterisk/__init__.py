"""What the service knows of Asterisk: the link, what is found there after a restart, how it is controlled."""
