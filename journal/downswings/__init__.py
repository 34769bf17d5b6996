"""Stretches of days that are lower than a person's own usual."""
