"""The menu tree as a chart, with its traffic and as a list; the card, the poster and the page for citizens."""
