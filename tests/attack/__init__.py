"""Attacks on a whole hotline, each as somebody did it once. All on loopback, all of them bounded."""
