"""What could not be done."""


class NotDone(Exception):
    """The message says why, and what to do. The command line prints it and ends with status 1."""
