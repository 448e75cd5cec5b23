"""A busy hotline that is broken on purpose: real Asterisk, the real service, real phones, faults drawn from a seed.

Begin with `run`; docs/reliability.md says what is broken, what is checked, and the results.
"""
