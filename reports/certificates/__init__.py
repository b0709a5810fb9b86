"""The Ehrenamtsnachweis: a page that a mediator can hand in somewhere, and anybody can check."""
