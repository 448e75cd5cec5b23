"""Composition, in layers: cli, app, then http, asterisk and process, then calls, storage, setup."""
