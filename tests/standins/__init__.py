"""Stand-ins for networks: servers on the loopback that remember what was said to them."""
