"""AGI and AMI as they are on the wire: bytes in, messages out, no I/O."""
