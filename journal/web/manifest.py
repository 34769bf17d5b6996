"""What a phone asks for before it puts Moodtide on its home screen; an iPhone takes notifications only from there."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

CONTENT_TYPE: Final = "application/manifest+json"
# --paper and --mist of the style sheet by day: a manifest has no other colours for the night.
PAPER, MIST = "#f1f7f7", "#dfeeee"
# The file, its size, and whether a phone may cut it to a shape of its own.
ICONS: Final = (
    ("web/icon-192.png", "192x192", "any"),
    ("web/icon-512.png", "512x512", "any"),
    ("web/icon-full-512.png", "512x512", "maskable"),
)


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """The same for everybody: browsers fetch it without saying who asks."""
    home = reverse("web:today")
    icons = [
        {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose} for path, sizes, purpose in ICONS
    ]
    content = {
        "id": home,
        "name": "Moodtide",
        "short_name": "Moodtide",
        "description": _("A private mood journal"),
        "lang": get_language(),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": MIST,
        "icons": icons,
    }
    # Asked for anew each time: its icons' names change with a new version.
    return JsonResponse(content, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-cache"})
