"""A busy hotline that is broken on purpose: real Asterisk, the real service, real phones, faults by a seed.

`run` is where to begin; docs/reliability.md says what is broken, what is checked, and what came of it.
"""
