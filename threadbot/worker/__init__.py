"""The worker: it carries threads out when they are due, as long as it runs."""
