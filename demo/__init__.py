"""The demo: `year` invents twelve months from a seed, `load` brings them and the people into the database."""
