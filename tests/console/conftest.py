"""A hotline with a browser in front of it."""

from tests.integration.conftest import change, hotline, hotline_folder, no_second_look, sounds

__all__ = ["change", "hotline", "hotline_folder", "no_second_look", "sounds"]
