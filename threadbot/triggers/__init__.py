"""What starts a thread: feeds, folders and webhooks, and whether what they bring is new.

`intake` decides, purely, what becomes of each entry; the other modules make entries of what a
source says. Nothing in this room posts, stores or waits: it gives values, others carry them out.
"""
