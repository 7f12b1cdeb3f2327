"""The audit: recompute the numbers in anybody's report and say which contradict each other.

A document is read into text and blocks (`readers`), the numbers in it are recognised (`mentions`), tied
together (`claims`), recomputed with the relations of `quantity` and judged (`judge`).
"""

from waferline.audit.engine import audit_document, audit_text
from waferline.audit.finding import Audit, Finding, Remark

__all__ = ["Audit", "Finding", "Remark", "audit_document", "audit_text"]
