"""The JSON interface, and the tokens that open it."""
