"""What all tests have in common."""

from hypothesis import HealthCheck, settings

# How fast this machine makes examples, or runs one, is no property of the code: with a loaded machine it says nothing.
settings.register_profile("wutong", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wutong")
