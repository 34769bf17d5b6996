"""What other rooms may say about a message that is about to go."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with message, just before it is sent. A receiver that answers False knows that it is no longer wanted.
still_wanted = Signal()
