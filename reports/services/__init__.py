"""Writes with more than one effect, one file a subject. Every function says who acts; races are decided in SQL."""
