"""Whether an installation is up and well: `status`, `doctor`, and what the console shows of both."""
