"""Recordings of talks: what Asterisk records, kept by day; heard over HTTP and in the console; removed once old."""
