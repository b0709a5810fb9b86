"""„Mein Jahr“: what a mediator did in a calendar year, and what came of it. For that person alone."""
