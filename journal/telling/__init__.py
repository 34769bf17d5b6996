"""Telling: the channels by which the site tells a person that there is something to see."""
