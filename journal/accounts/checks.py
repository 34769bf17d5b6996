"""What an operator should hear at start."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

# A key that the site made for itself has 64 characters. The wrapping key is derived without a slow password
# function, so a short phrase could be guessed by whoever has a copy of the data.
SHORTEST_SITE_KEY: Final = 32


@register(Tags.security)
def site_key_is_long(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn about a site key that could be guessed."""
    if len(settings.SITE_KEY) >= SHORTEST_SITE_KEY:
        return []
    return [
        Warning(
            f"MOODTIDE_SITE_KEY has fewer than {SHORTEST_SITE_KEY} characters.",
            hint="Use a long random text. Don't change it once there are people: what it seals would be lost.",
            id="accounts.W001",
        )
    ]
