"""What somebody without rights can do to a hotline: attacks as programs and as clients. Loopback only, and bounded."""
