"""From the bytes of a source to an `Article`; takes bytes in and touches nothing outside."""
