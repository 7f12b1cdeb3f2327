"""What a document states, beside what a study's evidence knew on a day: agreement, difference or unknown.

The room's one rule: a statement is compared only when its subject, measure, period and unit are all named in
its own words; whatever is left open is not compared. Nothing here is an internal contradiction.
"""
