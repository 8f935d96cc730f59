"""threadbot: an article goes in, the thread a good editor would have written comes out."""
