"""One file for each version of the ledger; a file that was released is never changed."""
