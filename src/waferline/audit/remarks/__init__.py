"""The faults of a document that are not arithmetic: of time, of structure, and of numbers that cannot be.

The one rule: a remark is made only where the document itself prints what it breaks; where the reading is
doubtful (a list of figures that matches nothing, a date of unknown kind) nothing is said.
"""
