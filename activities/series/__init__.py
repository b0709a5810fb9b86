"""Reihen: what a mediator does again and again waits as a ready entry on its day."""
