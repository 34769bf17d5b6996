"""Who: people, their consents, invitations and keys."""
