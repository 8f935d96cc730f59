"""The networks, behind one port; each adapter knows its own network and no other."""
