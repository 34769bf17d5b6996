"""Search in what is sealed: every note and tag name is opened and looked at, in memory, for its own person alone."""

from __future__ import annotations

import unicodedata
import uuid
from collections import defaultdict
from typing import Final

from journal.accounts.models import User
from journal.accounts.seal import Opener
from journal.moods import tags
from journal.moods.checkin import note_place
from journal.moods.models import CheckIn
from journal.moods.vocabulary import LABELS

MOST: Final = 100


def find(user: User, text: str, most: int = MOST) -> list[CheckIn]:
    """Check-ins whose note, tags or words hold all of the words looked for, the newest first."""
    wanted = folded(text).split()
    if not wanted:
        return []
    opener, tagged = Opener(user), _tag_names(user)
    # Plain columns: rows are only made of what is found.
    rows = CheckIn.objects.filter(user=user, deleted_at=None).order_by("-at").values_list("pk", "sealed_note", "words")
    found: list[uuid.UUID] = []
    for pk, sealed, words in rows.iterator():
        note = opener.text(sealed, note_place(pk)) if sealed else ""
        held = " ".join([folded(note), *(folded(str(LABELS[word])) for word in words), *tagged.get(pk, ())])
        if all(word in held for word in wanted):
            found.append(pk)
            if len(found) == most:
                break
    return list(CheckIn.objects.filter(pk__in=found).order_by("-at").select_related("user").prefetch_related("tags"))


def _tag_names(user: User) -> dict[uuid.UUID, list[str]]:
    """The names of each check-in's tags."""
    named = {tag.id: folded(tag.name) for tag in tags.all_tags(user)}
    found: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    links = CheckIn.tags.through.objects.filter(checkin__user=user).values_list("checkin_id", "tag_id")
    for check_in, tag in links:
        found[check_in].append(named[tag])
    return found


def folded(text: str) -> str:
    """Without case and accents: who looks for "cafe" finds "Café"."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
