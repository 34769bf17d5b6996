from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0003_digests"),
    ]

    operations = [
        migrations.AlterField(
            model_name="modelversion",
            name="digest",
            field=models.CharField(max_length=64, unique=True),
        ),
        migrations.AlterField(
            model_name="modelversion",
            name="name",
            field=models.CharField(max_length=80, unique=True),
        ),
    ]
