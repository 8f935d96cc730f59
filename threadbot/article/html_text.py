"""The running text of HTML: words, line breaks and links, with white space as browsers show it.

Owns one paragraph while it grows; never knows which element it stands in.
"""

from __future__ import annotations

from threadbot.article.html_tree import collapsed
from threadbot.article.rich_text import Builder, RichText


class Text:
    """A paragraph of HTML that is being read.

    `empty` says whether it has words, `linked` how many of its characters are links.
    """

    def __init__(self) -> None:
        self._href: str | None = None
        self._in_anchor = False
        self._start()

    def _start(self) -> None:
        self._builder = Builder()
        self._space = False
        self._bold = True
        self.empty = True
        self.linked = 0
        if self._href is not None:
            self._builder.open_link(self._href)

    @property
    def is_bold(self) -> bool:
        """Whether all its words are set in bold."""
        return self._bold and not self.empty

    def add(self, text: str, *, bold: bool = False) -> None:
        """Append words; white space at their ends joins with that beside it."""
        text = collapsed(text)
        words = text.strip(" ")
        self._space = self._space or text.startswith(" ")
        if not words:
            return
        if self._space and not self.empty:
            self._builder.add(" ")
        self._builder.add(words)
        self._space = text.endswith(" ")
        self._bold = self._bold and bold
        self.linked += len(words) if self._in_anchor else 0
        self.empty = False

    def add_space(self) -> None:
        """Part what comes from what was."""
        self._space = True

    def break_line(self) -> None:
        """Begin a new line."""
        if not self.empty:
            self._builder.break_line()
        self._space = False

    def open_link(self, href: str | None) -> None:
        """Begin a link, which goes on over the ends of paragraphs until it is closed.

        Args:
            href: None for one that leads nowhere that a reader of the thread could follow.
        """
        self.close_link()
        self._in_anchor = True
        if href is None:
            return
        if self._space and not self.empty:
            self._builder.add(" ")
            self._space = False
        self._href = href
        self._builder.open_link(href)

    def close_link(self) -> None:
        """End the link that was begun."""
        self._href = None
        self._in_anchor = False
        self._builder.close_link()

    def take_nothing(self) -> None:
        """Begin the next paragraph where this one has no words."""
        self._space = False

    def take(self) -> RichText:
        """Give the paragraph, and begin the next one."""
        self._builder.close_link()
        rich = self._builder.build()
        self._start()
        return rich
