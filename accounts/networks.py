"""Addresses that count together."""

import ipaddress


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address, which one customer has whole; what is no address, as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:  # as proxies write it: all of them are in one /64
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
