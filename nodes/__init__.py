"""Several machines of one hotline: one leads, the others stand by; which, and when the leader may ring agents."""
