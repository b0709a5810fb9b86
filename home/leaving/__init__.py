"""A town leaves the programme: what ends with it on every floor, what stays, and what is still to do."""
