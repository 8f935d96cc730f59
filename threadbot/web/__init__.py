"""What listens: the webhooks. The private review page will stand beside it."""
