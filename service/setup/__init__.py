"""What everything else stands on: settings, folders, secrets, the log, the clock."""
