"""What the doorbell wakes, and housekeeping."""

from __future__ import annotations

from celery import shared_task

from journal.telling import claim, courier, doorbell, forgetting


@shared_task(ignore_result=True)
def deliver(pk: str) -> None:
    """Send one message by one channel, if it still waits."""
    courier.deliver(pk)


@shared_task(ignore_result=True)
def ring_again() -> None:
    """Give up what a dead worker held; ring for rows whose time has come and that nobody was told of."""
    claim.give_up_stale()
    doorbell.ring_again()


@shared_task(ignore_result=True)
def forget_told() -> None:
    forgetting.forget_told()
