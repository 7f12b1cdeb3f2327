"""The audit: recompute the numbers in anybody's report and say which contradict each other.

A document is read into text and blocks (`readers`), the numbers in it are recognised (`mentions`), tied
together (`claims`), recomputed with the relations of `quantity` and judged (`judge`).
"""

from typing import TYPE_CHECKING, Any

from waferline.audit.finding import Audit, Finding, Remark

if TYPE_CHECKING:
    from waferline.audit.engine import audit_document, audit_text

__all__ = ["Audit", "Finding", "Remark", "audit_document", "audit_text"]


def __getattr__(name: str) -> Any:
    """The engine compiles some hundred patterns; who only sends documents to workers does not wait for it."""
    if name in ("audit_document", "audit_text"):
        from waferline.audit import engine

        return getattr(engine, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
