"""Tags: what a day may hold, by names that only their person can read."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.accounts.seal import Opener, Place, seal_text
from journal.moods.models import Tag

LONGEST_NAME: Final = 40
MOST: Final = 200
ICONS: Final = (
    "heart", "person", "people", "paw", "home", "work", "school", "book", "music", "film", "game", "brush", "walk",
    "sport", "bike", "tree", "sun", "rain", "sea", "travel", "food", "coffee", "glass", "sleep", "pill", "moon",
    "phone", "money", "star", "leaf",
)  # fmt: skip

# Offered to somebody who has none yet; kept only once they choose it.
STARTERS: Final[Mapping[str, tuple[tuple[Promise, str], ...]]] = {
    Tag.Group.PEOPLE: (
        (pgettext_lazy("tag", "family"), "heart"),
        (pgettext_lazy("tag", "friends"), "people"),
    ),
    Tag.Group.DOING: (
        (pgettext_lazy("tag", "work"), "work"),
        (pgettext_lazy("tag", "reading"), "book"),
        (pgettext_lazy("tag", "music"), "music"),
    ),
    Tag.Group.BODY: (
        (pgettext_lazy("tag", "slept well"), "sleep"),
        (pgettext_lazy("tag", "moved"), "walk"),
        (pgettext_lazy("tag", "ill"), "pill"),
    ),
    Tag.Group.PLACE: (
        (pgettext_lazy("tag", "home"), "home"),
        (pgettext_lazy("tag", "outside"), "tree"),
    ),
}


@dataclass(frozen=True)
class NamedTag:
    """A tag with its name opened."""

    id: uuid.UUID
    name: str
    icon: str
    group: str
    put_away: bool


def all_tags(user: User) -> list[NamedTag]:
    """Every tag of a person by group and name, in two queries."""
    opener = Opener(user)
    found = [_named(row, opener) for row in Tag.objects.filter(user=user)]
    order = {group: number for number, group in enumerate(Tag.Group.values)}
    return sorted(found, key=lambda named: (order[named.group], named.name.casefold()))


def offered(user: User) -> list[NamedTag]:
    """The tags that a check-in offers."""
    return [named for named in all_tags(user) if not named.put_away]


@transaction.atomic
def make(user: User, name: str, icon: str, group: str) -> NamedTag:
    """Make a tag, or take out one of that name that was put away. Raises ``Refused``."""
    name = " ".join(name.split())
    _check(name, icon, group)
    hold_still(user)
    known = all_tags(user)
    if twin := next((named for named in known if named.name.casefold() == name.casefold()), None):
        Tag.objects.filter(pk=twin.id).update(put_away=False)
        return NamedTag(twin.id, twin.name, twin.icon, twin.group, put_away=False)
    if len(known) >= MOST:
        raise Refused("too_many_tags", _("There are %(most)s tags already. Put some away first.") % {"most": MOST})
    row = Tag(user=user, icon=icon, group=group)
    row.sealed_name = seal_text(user, name, _place(row))
    row.save(force_insert=True)
    return NamedTag(row.id, name, icon, group, put_away=False)


@transaction.atomic
def change(user: User, pk: uuid.UUID, name: str, icon: str, group: str) -> None:
    """Give a tag another name, icon or group. Raises ``Refused``."""
    name = " ".join(name.split())
    _check(name, icon, group)
    hold_still(user)
    if any(named.name.casefold() == name.casefold() and named.id != pk for named in all_tags(user)):
        raise Refused("twin", _("You have a tag of this name already."))
    for row in own([pk], user):
        row.sealed_name, row.icon, row.group = seal_text(user, name, _place(row)), icon, group
        row.save(update_fields=["sealed_name", "icon", "group"])


def put_away(user: User, pk: uuid.UUID) -> None:
    """Offer a tag no longer; one that no check-in carries goes for good. Raises ``Refused``."""
    (row,) = own([pk], user)
    if row.check_ins.exists():
        Tag.objects.filter(pk=pk).update(put_away=True)
    else:
        row.delete()


def offer(user: User, pk: uuid.UUID) -> None:
    """Offer a tag again that was put away. Raises ``Refused``."""
    own([pk], user)
    Tag.objects.filter(pk=pk).update(put_away=False)


def own(wanted: Collection[uuid.UUID], user: User) -> list[Tag]:
    """These tags, all of which must be the person's own. Raises ``Refused``."""
    rows = list(Tag.objects.filter(user=user, pk__in=wanted))
    if len(rows) != len(set(wanted)):
        raise Refused("unknown_tag", _("One of the tags is gone. Please load the page again."))
    return rows


def names(rows: Iterable[Tag], opener: Opener) -> list[NamedTag]:
    """Open the names of some tags of the opener's person."""
    return sorted((_named(row, opener) for row in rows), key=lambda named: named.name.casefold())


def _named(row: Tag, opener: Opener) -> NamedTag:
    return NamedTag(row.id, opener.text(row.sealed_name, _place(row)), row.icon, row.group, row.put_away)


def _place(row: Tag) -> Place:
    return Place(table="moods.tag", row=str(row.pk), field="name")


def _check(name: str, icon: str, group: str) -> None:
    if not name:
        raise Refused("no_name", _("A tag needs a name."))
    if len(name) > LONGEST_NAME:
        raise Refused("long_name", _("A tag's name can have %(most)s letters.") % {"most": LONGEST_NAME})
    if icon not in ICONS or group not in Tag.Group.values:
        raise Refused("unknown_look", _("This page is out of date. Please load it again."))
