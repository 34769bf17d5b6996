"""From a bare checkout to a running Moodtide: set-up, and the supervisor that keeps its parts running."""
