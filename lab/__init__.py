"""Phones, load, storms, benchmarks: for tests and `./wutong test`, `bench`, `chaos`. The product imports none of it."""
