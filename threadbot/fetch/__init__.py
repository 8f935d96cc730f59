"""The one guarded HTTP client, for whatever an article or a stranger names.

`settings` and `addresses` touch nothing; `client` fetches, through the connections of `connection`.
The networks that a person has an account on are spoken to by their own libraries, not by this room.
"""
