"""What callers hear: texts by language, spoken numbers, and the audio made of them."""
