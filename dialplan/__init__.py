"""Asterisk's side: AGI and AMI on the wire, the link, agents' legs, what Asterisk has, its configuration."""
