"""The card and the poster that citizens get: made from the menu tree, so that they say what callers hear."""
