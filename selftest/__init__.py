"""The self-test: it calls the hotline as a citizen does, path by path, and says what differs from the menu tree."""
