"""The browsers that a person opened to us: adding one, naming it, letting it go."""

from __future__ import annotations

import base64
import binascii
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.telling import endpoints
from journal.telling.models import Browser

MOST: Final = 10  # browsers a person
SECRET_SIZE: Final = 16
# What a browser calls itself -> its name. The order counts: most say "Chrome" and "Safari" too.
_MAKERS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def own(user: User) -> QuerySet[Browser]:
    return Browser.objects.filter(user=user).order_by("added_at")


@transaction.atomic
def add(user: User, endpoint: str, p256dh: str, auth: str, name: str) -> Browser:
    """Keep a browser's subscription, or what has changed of it. Raises ``Refused``.

    A browser that was somebody else's is theirs no longer: whoever signs in there now would see their notifications.
    """
    _check(endpoint, p256dh, auth)
    hold_still(user)  # two at once count each other
    if own(user).exclude(endpoint=endpoint).count() >= MOST:
        raise Refused("too_many", _("That is ten browsers already. Remove one that you no longer use first."))
    Browser.objects.exclude(user=user).filter(endpoint=endpoint).delete()
    values = {"user": user, "p256dh": p256dh, "auth": auth, "name": name}
    row, _created = Browser.objects.update_or_create(endpoint=endpoint, defaults=values)
    return row


@transaction.atomic
def renew(old: str, endpoint: str, p256dh: str, auth: str) -> bool:
    """Keep a browser's new subscription in the place of its old one; False if there is no such one.

    The old address is a secret between the browser, its maker's service and us, and so it is proof enough. Raises
    ``Refused``.
    """
    _check(endpoint, p256dh, auth)
    row = Browser.objects.select_for_update().filter(endpoint=old).first()
    if row is None:
        return False
    Browser.objects.exclude(pk=row.pk).filter(endpoint=endpoint).delete()
    row.endpoint, row.p256dh, row.auth = endpoint, p256dh, auth
    row.save(update_fields=["endpoint", "p256dh", "auth"])
    return True


def remove(user: User, pk: UUID) -> bool:
    """Forget one of a person's browsers; False if there is no such one."""
    gone, _by_model = own(user).filter(pk=pk).delete()
    return bool(gone)


def name_of(user_agent: str) -> str:
    """A browser's name in two words, from how it introduces itself: "Firefox on Android"."""
    maker = next((name for sign, name in _MAKERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if maker and system:
        return _("%(browser)s on %(system)s") % {"browser": maker, "system": system}
    return maker or system or _("A browser")


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        endpoints.check(endpoint)
        if len(_bytes(auth)) != SECRET_SIZE:
            raise ValueError("a secret of another size")
        # Raises for what is no point of the curve, to which nothing can be sealed.
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
    except (endpoints.Forbidden, ValueError) as error:
        sentence = _("This browser named no push service that Moodtide can use, so nothing was kept.")
        raise Refused("bad_subscription", sentence) from error


def _bytes(text: str) -> bytes:
    if len(text) > 100:
        raise ValueError("longer than any key")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
