"""The figures pages: what a town or a county did in a period, beside the same span a year before."""
