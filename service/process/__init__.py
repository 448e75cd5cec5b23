"""Processes: the supervisor that starts and watches the service, and systemd, which is told its status."""
