"""Every e-mail of the portal is a row: written with what it tells of, sent by a process of its own (docs/adr/0031)."""
