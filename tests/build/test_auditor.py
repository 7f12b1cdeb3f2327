"""The auditing process gives what the audit gives here, and says so when it is gone."""

import pytest

from waferline.audit import audit_document
from waferline.audit.readers.plain import read_text
from waferline.build.auditor import Auditor

WRONG = read_text("2024年收入80.3亿美元，上年为63.2亿美元，同比下降27.1%。")
RIGHT = read_text("2024年收入80.3亿美元，上年为63.2亿美元，同比增长27.1%。")


def test_documents_are_audited_as_they_are_here():
    auditor = Auditor()

    answers = [auditor.audit(document) for document in (WRONG, RIGHT)]

    assert answers == [audit_document(document) for document in (WRONG, RIGHT)]
    assert [answer.counts["inconsistent"] for answer in answers] == [1, 0]
    auditor.close()


def test_a_process_that_is_gone_is_said_to_be():
    auditor = Auditor()
    auditor.audit(RIGHT)
    auditor.close()
    auditor.close()

    with pytest.raises((ChildProcessError, ValueError)):
        auditor.audit(RIGHT)


def test_a_process_that_was_killed_is_said_to_be():
    auditor = Auditor()
    auditor.audit(RIGHT)
    auditor._process.kill()
    auditor._process.wait()

    with pytest.raises(ChildProcessError, match="ended with status -9"):
        auditor.audit(RIGHT)
    auditor.close()
