"""Links between numbers that a user's own program proposes, a language model for instance.

The room's one rule: a proposed link may confirm and may be doubted, but it never accuses and takes nothing away.
Every finding of our own rules is the same with and without it; the arithmetic and the verdict stay here.
"""

from waferline.audit.proposals.link import Proposer
from waferline.audit.proposals.program import Program
from waferline.audit.proposals.weighing import weighed

__all__ = ["Program", "Proposer", "weighed"]
