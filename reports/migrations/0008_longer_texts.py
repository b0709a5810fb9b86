from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0007_report_photos'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reportsection',
            name='text',
            field=models.TextField(blank=True, max_length=150000, verbose_name='Text'),
        ),
        migrations.AlterField(
            model_name='reportsectionevent',
            name='text',
            field=models.TextField(blank=True, max_length=150000, verbose_name='Text'),
        ),
    ]
