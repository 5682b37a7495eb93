"""What a reader without scripts sees: HTML taken apart."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Rows of table cells, items of lists, and every tag that occurs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.text = ""
        self.within = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            self.within = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self.within = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.within:
            self.rows[-1][-1] += data
