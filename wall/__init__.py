"""`./wutong top`: the wall in a terminal."""
