"""What the surveys after talks came to, and whom not to ask again: from Records."""
