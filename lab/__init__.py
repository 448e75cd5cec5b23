"""Phones, load, storms, benchmarks, chance: for tests and `./wutong test`, `bench`, `chaos`, `fuzz`, `sbom`,
`audit-dependencies`. The product imports none of it."""
