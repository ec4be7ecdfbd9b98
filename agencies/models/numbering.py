from django.db import models


class NumberSeries(models.Model):
    """The last number given in a series; locked while the next one is taken, never turned back."""

    name = models.CharField(max_length=30, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self):
        return f"{self.name}: {self.last}"
