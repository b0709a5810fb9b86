"""The accounts of a county's people, as the coordinators look after them."""
