"""A report as a browser reads it."""

from html.parser import HTMLParser

from engine.evaluation.report.html import html

_EMPTY = {"meta", "img", "link", "br", "rect", "polyline"}


class Page(HTMLParser):
    """What a report holds: elements with their attributes, its text, its tables; faults of its nesting are raised."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.words, self.tables = [], [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in _EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data
        if self.open and self.open[-1] not in ("style",):
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def table(self, first):
        """The rows below the titles, of the table whose first title is that."""
        return next(rows[1:] for rows in self.tables if rows[0][0] == first)

    @property
    def text(self):
        return " ".join(self.words)


def page_of(report):
    return Page(html(report))
