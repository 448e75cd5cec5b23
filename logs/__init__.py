"""`./wutong logs`: the service's log, for people."""
