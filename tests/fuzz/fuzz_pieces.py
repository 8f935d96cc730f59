"""The pieces that fuzzed articles are made of: what readers and composers look at twice."""

from __future__ import annotations

from typing import Final

PIECES: Final = (
    "# ", "## ", "### ", "- ", "* ", "• ", "1. ", "2) ", "a) ", "— ", "> ", ">> ", "    ", "\t",
    "\n", "\n\n", "  \n", "\\\n", "---\n", "***\n", "===\n", "title: ", "date: ", "tags: [a, b]\n",
    "---\ntitle: T\n---\n", "[", "](https://example.com/a)", "](", ")", "![", "[a](b 'c')",
    "<https://a.fr>", "*", "**", "_", "~~", "`", "```\n", "~~~\n", "<b>", "<!--", "-->", "<div>",
    "</div>", "<script>", "<br>", "| a | b |\n|---|---|\n", "|", "&nbsp;", "&amp;", "&#x10FFF1;",
    "&#0;", "[^1]", "[^1]: ", "[x] ", "[a]: http://b\n", "é", "漢字", "かな", "ไทย",
    "हिन्दी", "العربية",
    "\u00a0", "\u202f", "\ufeff", "\u2060", "\u200d", "\u0301", "\u0301" * 400, "Par ",
    "Publié le ", "By Jane Doe", "3 mars 2025", "2025-03-03", "@EnPause", "@jane", "＠jane", "@",
    "#", "#tag", "＃tag", "$AAPL ", "$", "Mot ", "mot ", "word ", "Dr. ", "e.g. ", "etc. ", ". ",
    " ?", " !", " : ", ", ", "; ", "…", "«", "»", "« ", " »", '"', "“", "”", "'", "(", "]", "。",
    "？", "।", "؟", "13 000 €", "12345678901234567890", "https://a.fr/b?c=d#e ", "http://", "a.",
    "a.com", "README.md ", "fini.Il ", "a@b.com ", "t.co/", "xn--a.",
    "👩‍👩‍👧‍👦", "🇫🇷", "🇫", "👍🏽", "❤️‍🔥",
    "\U0001f3fd", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\x0c", "\U0010fff3", "\ud800", "\\",
    "{", "}", "{{ 1 }}", "{% raw %}", "a" * 300, "mot " * 60, "字" * 200,
    "Une phrase complète, assez longue pour compter. ", "Plusieurs questions :\n",
    "This is a sentence that follows another one. ", "Voici pourquoi :\n\n- un\n- deux\n\n",
)  # fmt: skip
