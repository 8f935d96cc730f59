"""Which numeric addresses are on the public internet.

Owns that judgement alone; looks nothing up.
"""

from __future__ import annotations

import ipaddress

# Python's own table calls these global, or did before 3.13; none leads to a public server itself.
# https://www.iana.org/assignments/iana-ipv4-special-registry (read 2026-11-24)
_OTHER_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
    )
)
# https://www.iana.org/assignments/iana-ipv6-special-registry (read 2026-11-24)
_OTHER_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "64:ff9b::/96",  # IPv4 through a translator, a private one included
        "64:ff9b:1::/48",  # the same, for local use
        "2001::/23",  # protocol assignments, Teredo among them
        "2002::/16",  # 6to4: IPv4 inside
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)
# All that has been given out: https://www.iana.org/assignments/ipv6-unicast-address-assignments
_UNICAST_IPV6 = ipaddress.IPv6Network("2000::/3")


def is_public(address: str) -> bool:
    """Tell whether an address leads to a server on the public internet.

    An IPv6 address that holds an IPv4 one does not, whatever it holds.

    Args:
        address: numeric, as a look-up gives it.

    >>> is_public("93.184.215.14"), is_public("::ffff:93.184.215.14"), is_public("127.0.0.1")
    (True, False, False)
    """
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not number.is_global or number.is_multicast or number.is_reserved:
        return False
    if isinstance(number, ipaddress.IPv4Address):
        return not any(number in network for network in _OTHER_IPV4)
    return number in _UNICAST_IPV6 and not any(number in network for network in _OTHER_IPV6)
