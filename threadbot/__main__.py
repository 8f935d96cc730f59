"""Lets `python -m threadbot` do what the `threadbot` command does."""

from threadbot.cli import main

if __name__ == "__main__":
    main()
