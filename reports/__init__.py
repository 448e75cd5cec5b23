"""Reports: figures over any days, each one function of sums that are made as Records are written."""
