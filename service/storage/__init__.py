"""The database: opening it, bringing its tables up to date, backups."""
