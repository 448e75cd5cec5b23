"""Records: what was decided, kept in the spool and in the database, and read again; the database and its migrations."""
