"""The app of signing in, and of who may do what."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class AccountsConfig(AppConfig):
    """Sessions, second factor, policies, and the walls between clinics. It has no tables."""

    name = "kapnet.core.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to sign-in and sign-out, and let PostgreSQL wall each clinic off."""
        from kapnet.core.accounts import checks, receivers
        from kapnet.core.accounts.walls import row_security, same_clinic
        from kapnet.core.background.pruning import prunes
        from kapnet.core.nodes import prefer_primary
        from kapnet.core.notices import owed, owner_acts, stand_ins, therapists

        assert checks
        assert owner_acts
        assert receivers
        assert stand_ins
        assert therapists
        prunes(owed.write_owed_events)  # where the server died before it asked a worker
        connection_created.connect(prefer_primary)
        connection_created.connect(row_security.listen_to_scope)
        clinics = apps.get_app_config("clinics")
        post_migrate.connect(row_security.raise_walls_after_migrating, sender=clinics)
        pre_migrate.connect(same_clinic.loosen_before_migrating, sender=clinics)
        post_migrate.connect(same_clinic.bind_after_migrating, sender=clinics)
