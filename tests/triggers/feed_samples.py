"""Feeds as the programs that write them do: one article, in four formats."""

from __future__ import annotations

#: Enough words not to be a teaser.
PARAGRAPH = (
    "Le moulin de Valbrune a été construit à la main et ne tourne plus depuis la crue. " * 12
)

WORDPRESS = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
    xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
    xmlns:media="http://search.yahoo.com/mrss/">
<channel>
  <title>En pause</title><link>https://enpause.example</link><language>fr-FR</language>
  <atom:link href="https://enpause.example/feed/" rel="self" type="application/rss+xml" />
  <atom:link rel="hub" href="https://hub.example/" />
  <item>
    <title>Le moulin &#038; la crue : &#171;&nbsp;c&rsquo;est fini&nbsp;&#187;</title>
    <link>https://enpause.example/le-moulin/?utm_source=rss</link>
    <dc:creator><![CDATA[Jeanne Dupont]]></dc:creator>
    <dc:creator><![CDATA[Marc Petit]]></dc:creator>
    <pubDate>Tue, 24 Nov 2026 00:30:00 +0200</pubDate>
    <category><![CDATA[À la une]]></category><category><![CDATA[Culture]]></category>
    <category><![CDATA[Culture]]></category>
    <guid isPermaLink="false">https://enpause.example/?p=12</guid>
    <description><![CDATA[<p>Il ne tourne plus&#8230; [&#8230;]</p>]]></description>
    <content:encoded><![CDATA[<p>{PARAGRAPH}</p><script>alert(1)</script>]]></content:encoded>
    <media:content url="https://0.gravatar.com/avatar/1" medium="image" />
    <media:content url="/moulin.jpg" medium="image" />
  </item>
</channel></rss>"""

ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://enpause.example/blog/">
  <title>En pause</title><link rel="self" href="/atom.xml"/><link rel="hub" href="https://hub.example/"/>
  <id>tag:enpause.example,2026:blog</id><updated>2026-11-24T09:00:00Z</updated>
  <entry>
    <title type="html">Le moulin &amp;amp; la crue : «&amp;#160;c’est fini&amp;#160;»</title>
    <link rel="alternate" href="../le-moulin/?utm_source=rss"/>
    <link rel="enclosure" type="image/jpeg" href="/moulin.jpg"/>
    <id>tag:enpause.example,2026:12</id>
    <author><name>Jeanne Dupont</name></author><author><name>Marc Petit</name></author>
    <published>2026-11-24T00:30:00+02:00</published><updated>2026-11-25T08:00:00Z</updated>
    <category term="À la une"/><category term="Culture"/>
    <summary>Il ne tourne plus… […]</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{PARAGRAPH}</p></div></content>
  </entry>
</feed>"""

RDF = f"""<?xml version="1.0" encoding="iso-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:content="http://purl.org/rss/1.0/modules/content/">
  <channel rdf:about="https://enpause.example/rdf"><title>En pause</title>
    <link>https://enpause.example</link><dc:language>fr</dc:language></channel>
  <item rdf:about="https://enpause.example/le-moulin/">
    <title>Le moulin &amp; la crue : «&#160;c’est fini&#160;»</title>
    <link>https://enpause.example/le-moulin/?utm_source=rss</link>
    <dc:creator>Jeanne Dupont, Marc Petit</dc:creator>
    <dc:date>2026-11-24T00:30:00+02:00</dc:date>
    <dc:subject>À la une</dc:subject><dc:subject>Culture</dc:subject>
    <description>Il ne tourne plus… […]</description>
    <content:encoded><![CDATA[<p>{PARAGRAPH}</p>]]></content:encoded>
  </item>
</rdf:RDF>""".replace("’", "&#8217;").replace("…", "&#8230;")

JSON_FEED = f"""{{
  "version": "https://jsonfeed.org/version/1.1", "title": "En pause", "language": "fr-FR",
  "feed_url": "https://enpause.example/feed.json",
  "hubs": [{{"type": "rssCloud", "url": "https://no.example/"}},
           {{"type": "WebSub", "url": "https://hub.example/"}}],
  "items": [{{
    "id": 12, "url": "/le-moulin/?utm_source=rss",
    "title": "Le moulin & la crue : «\\u00a0c’est fini\\u00a0»",
    "authors": [{{"name": "Jeanne Dupont"}}, {{"name": "Marc Petit"}}],
    "date_published": "2026-11-24T00:30:00+02:00",
    "tags": ["À la une", "Culture"], "summary": "Il ne tourne plus… […]",
    "content_html": "<p>{PARAGRAPH}</p>", "image": "/moulin.jpg"
  }}]
}}"""

#: By format: the document in bytes, the guid of its entry, and whether it names a picture.
SAMPLES: dict[str, tuple[bytes, str | None, bool]] = {
    "RSS": (WORDPRESS.encode(), "https://enpause.example/?p=12", True),
    "Atom": (ATOM.encode(), "tag:enpause.example,2026:12", True),
    "RDF": (RDF.encode("iso-8859-1"), "https://enpause.example/le-moulin/", False),
    "JSON Feed": (JSON_FEED.encode(), "12", True),
}


def rss(*items: str, head: str = "") -> bytes:
    """Make a feed of items."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    start = f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>T</title>'
    return f"{start}{inside}</channel></rss>".encode()
