"""How a ledger of any older version becomes one of the newest; run by Alembic."""
