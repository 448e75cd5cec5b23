"""Whether people understand what callers hear, as a recogniser hears it.

These tests need the recogniser's environment, which `./wutong test` installs. Without it they fail.
"""
