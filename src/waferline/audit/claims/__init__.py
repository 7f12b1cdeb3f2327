"""Claims: which printed numbers say they belong together, and how strongly the text ties them."""
