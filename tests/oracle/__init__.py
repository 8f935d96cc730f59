"""Outside judges that tests ask: how the networks' own code counts and reads a text."""
