"""Give the versions that were registered before there was a review their digest, and names that differ."""

import hashlib
import json

from django.db import migrations


def fill(apps, schema_editor):
    versions = apps.get_model("registry", "ModelVersion")
    taken = set()
    for version in versions.objects.order_by("id"):
        packed = json.dumps(version.manifest, sort_keys=True, separators=(",", ":")).encode()
        version.digest = hashlib.sha256(packed).hexdigest()
        if version.name in taken:
            version.name = f"{version.name[:70]} {version.digest[:8]}"
        taken.add(version.name)
        version.save(update_fields=["digest", "name"])


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0002_versions_reviewed"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
