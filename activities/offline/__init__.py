"""Entries made without a network, and the page that keeps them."""
