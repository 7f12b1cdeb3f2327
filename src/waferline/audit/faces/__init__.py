"""The faces of an audit: terminal text, an HTML page, JSON records, a notebook. They only show; nothing is judged here."""
