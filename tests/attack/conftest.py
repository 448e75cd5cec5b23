"""The fixtures of the integration tests."""

from tests.integration.conftest import another, change, hotline, hotline_folder, no_second_look, sounds, wutong

__all__ = ["another", "change", "hotline", "hotline_folder", "no_second_look", "sounds", "wutong"]
