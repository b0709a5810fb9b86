"""The Papierkorb: what was deleted waits thirty days outside of everything that counts, and can come back."""
