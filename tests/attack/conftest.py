"""The fixtures of tests/integration: attacks need the same hotline and the same real Asterisk."""

from tests.integration.conftest import another, change, hotline, hotline_folder, no_second_look, sounds, stalled, wutong

__all__ = ["another", "change", "hotline", "hotline_folder", "no_second_look", "sounds", "stalled", "wutong"]
