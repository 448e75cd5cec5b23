"""Everything Asterisk: AGI and AMI on the wire, the FastAGI server, the AMI link, configuration, a private Asterisk."""
