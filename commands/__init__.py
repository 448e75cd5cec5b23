"""What all commands share: options, the way to the running service, how they ask and how they fail."""
