"""The site: a picture comes in, a worker reads it, and the mood of the day is kept."""
