"""What the HTTP routes of all packages share: who asks, problems, languages, uploads."""
