"""Number mentions: every printed number with its literal text, exact value, precision, measure and role."""

from waferline.audit.mentions.mention import Measure, Mention
from waferline.audit.mentions.scan import mentions_of

__all__ = ["Measure", "Mention", "mentions_of"]
