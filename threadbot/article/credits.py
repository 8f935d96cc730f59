"""Credits, pointers and notes: what stands in an article and is no part of its text.

Owns the words, in French, English, German, Spanish and Italian, that such a line opens with.
Never looks at where the line stands, and never decides what becomes of it.
"""

from __future__ import annotations

import re
from typing import Final

#: A longer text is part of the article, whatever it opens with.
_LONGEST: Final = 300
_MOST_WORDS_OF_A_SOURCE: Final = 20
_MOST_WORDS_OF_NAMES: Final = 12

# What may stand before the first word: brackets, bullets, arrows, emoji.
_BEFORE = re.compile(r"^[^\w©]+")
_AFTER = re.compile(r"[\s.)\]»”\"*_]+$")
# A pointer goes on with a colon or the like, with a title, or with nothing.
_THEN = r"\s*(?:$|[:|→»>«“\"]|[–—-]\s|(?-i:(?<=\s)[A-ZÀ-ÝŒ]))"
_LETTER = (
    r"(?:newsletters?|infolettres?|lettre|mailing\s+list|bolet[ií]n|canale?|channel|podcasts?)\b"
)
# A word that points elsewhere only where a colon, an arrow or nothing follows.
_ALONE = r"\s*(?:$|[:|→])"

_AGENCY = r"(?-i:AFP|AP|Reuters|DR|dpa|EFE|ANSA|Getty\s+Images)"
_PICTURE = (
    r"(?:photo(?:graph)?(?:ie)?s?|images?|illustrations?|infographies?|vid[eé]os?|foto(?:s|graf[ií]as?)?"
    r"|bild(?:er)?|im[aá]gen(?:es)?|immagin[ei])"
)
_CREDIT = (
    rf"(?:cr[eé]dits?\s+{_PICTURE}|{_PICTURE}\s+credits?|copyright|bild(?:nachweis|quelle|rechte)"
    r"|cr[eé]dit(?:o|i|os|s)?)"
)
# These are followed by names alone: "Photo Jeanne Dupont / AFP", "Crédit : Ville de Lyon".
_NAMED = re.compile(
    rf"(?:{_CREDIT}|{_PICTURE})\b\s*(?:[:|/©–—-]\s*|(?:by|par|von|di|de|por|courtesy\s+of)\s+)?©?\s*"
    r"(?P<names>.+)|©\s*(?P<owner>.+)|propos\s+recueillis\s+par\s+(?P<asker>.+)",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"(?:sources?|quellen?|fuentes?|font[ei])\s*:\s*(?P<source>.+)", re.IGNORECASE)
_WORD = re.compile(r"\S*\w\S*")
_NAME = re.compile(
    r"[^\w]*(?:[A-ZÀ-ÝŒ0-9]|(?:[dl][’']|@|https?:|www\.)\w|(?:an?d?|avec|by|courtesy|da|das|de|del"
    r"|della|der|des|di|du|e|en|et|for|from|in|la|le|les|of|on|par|por|pour|the|und|van|via|von|with"
    r"|y)\b)",
)
_SENTENCE_ENDS = ("?", "!", "…", ":")

_POINTERS: Final = (
    # French
    r"(?:à|a)\s+(?:lire|relire|voir|écouter|regarder|découvrir)(?:\s+(?:aussi|également))?\s*(?:$|[:|→«»])",
    r"(?:à|a)\s+(?:lire|relire|voir|écouter|regarder|découvrir)\s+(?:aussi|également)\b",
    (
        r"(?:lire|relire|voir|écouter|regarder|découvrir)\s*(?::|(?:aussi|également)"
        rf"(?:{_THEN}|\s+(?:(?:notre|nos|cet|cette)\b|l[’'](?:article|enquête|entretien|interview)"
        r"|l[ea]s?\s+(?:dossier|reportage|portrait|chronique|tribune|article)s?\b)))"
    ),
    r"lire\s+(?:la\s+suite|l[’']article\s+(?:complet|entier|original))\b",
    (
        r"(?:sur\s+le\s+même\s+(?:sujet|thème)|pour\s+aller\s+plus\s+loin|(?:pour\s+)?en\s+savoir\s+plus"
        rf"|dans\s+la\s+même\s+rubrique){_ALONE}"
    ),
    r"retrouvez\s+(?:aussi\s+)?(?:tous\s+nos|toutes\s+nos|nos|notre)\b",
    # English
    (
        rf"(?:read|see|watch|learn|find\s+out|listen)\s+(?:more|next)(?:{_THEN}"
        r"|\s+(?:about|here|from\s+our|(?:stories|articles|news|coverage)\b))"
    ),
    r"see\s+also\b",
    rf"(?:read\s+also|also\s+read|also\s+see){_THEN}",
    r"read\s+(?:the|our)\s+(?:full|original|complete)\s+(?:story|article|interview|report)\b",
    rf"(?:related|recommended|don[’']t\s+miss|further\s+reading|more\s+on\s+this(?:\s+story)?){_ALONE}",
    rf"related\s+(?:articles|stories|posts|reading){_ALONE}",
    r"(?:you\s+may\s+also\s+like|continue\s+reading|click\s+here)\b",
    # German
    rf"(?:lesen\s+sie|lies|sehen\s+sie|siehe|h[öo]ren\s+sie)\s+(?:auch|dazu|hier)(?:{_THEN}|\s+(?:unser|den\s|das\s|die\s))",
    rf"(?:auch\s+interessant|mehr\s+(?:dazu|zum\s+thema)|zum\s+thema|weiterlesen|lesen\s+sie\s+mehr){_ALONE}",
    r"das\s+könnte\s+(?:sie|dich)\s+auch\s+interessieren\b",
    # Spanish
    rf"(?:lee|lea|leer|ver|vea|mira|escucha)\s+(?:también|además)(?:{_THEN}|\s+(?:nuestr[oa]s?|est[ea])\b)",
    rf"(?:le[ea]r?\s+más|más\s+información|para\s+saber\s+más){_ALONE}",
    rf"(?:te|le)\s+puede\s+interesar{_THEN}",
    # Italian
    rf"(?:leggi|vedi|guarda|ascolta)\s+anche(?:{_THEN}|\s+(?:il\s+nostro|la\s+nostra|i\s+nostri|l[’']))",
    rf"(?:leggi\s+(?:di\s+più|tutto)|per\s+approfondire|continua\s+a\s+leggere){_ALONE}",
    r"potrebbe\s+interessarti\b",
)

_NOTES: Final = (
    # French
    (
        r"cet\s+(?:article|entretien)\s+(?:a\s+été|est)\s+(?:(?:initialement|d[’']abord|également)\s+)?"
        r"(?:publié|paru|mis\s+à\s+jour|traduit|corrigé|modifié|actualisé|republié|réservé\s+aux)\b"
    ),
    r"(?:article\s+)?(?:(?:initialement|d[’']abord)\s+)?(?:publié|paru)\s+(?:initialement|pour\s+la\s+première\s+fois)\b",
    r"article\s+(?:initialement\s+)?(?:publié|paru|traduit|réservé)\b",
    r"(?:note\s+de\s+la\s+rédaction|ndlr)\b",
    r"une\s+(?:première|précédente)\s+version\s+de\s+(?:cet|l[’'])\s*article\b",
    r"traduit\s+de\s+l[’']\w+\s+par\s",
    # English
    (
        r"this\s+(?:article|story|post|column|essay|interview)\s+(?:was|is|has\s+been|is\s+being)\s+"
        r"(?:(?:first|originally|also|last|previously)\s+)?(?:published|republished|updated|corrected|amended"
        r"|translated|syndicated|reserved\s+for|part\s+of\s+(?:our|a|the)\s+series)\b"
    ),
    (
        r"this\s+(?:article|story|post|piece|column|essay|interview)\s+(?:(?:was\s+)?(?:first|originally))\s+"
        r"(?:published|appeared|ran|posted)\b"
    ),
    r"(?:first|originally)\s+(?:published|appeared|posted)\s+(?:in|on|at|by)\b",
    r"republished\s+(?:from|with)\b",
    r"(?:editor[’']?s[’']?\s+note|correction\s*:\s*an\s+earlier|an\s+earlier\s+version\s+of\s+this)\b",
    # German
    (
        r"dieser\s+(?:artikel|text|beitrag)\s+(?:wurde|ist|erschien)\s+(?:am|auf|bei|in|zuerst|zuvor|ursprünglich|"
        r"erstmals|zuletzt|für|nur)\b"
    ),
    r"(?:anmerkung\s+der\s+redaktion\b|anm\.\s*d\.\s*red)",
    # Spanish
    (
        r"este\s+artículo\s+(?:se\s+publicó|fue\s+publicado|ha\s+sido\s+(?:publicado|actualizado|traducido)"
        r"|fue\s+(?:actualizado|traducido)|apareció)\b"
    ),
    r"artículo\s+publicado\b",
    r"nota\s+(?:del\s+editor|de\s+la\s+redacción)\b",
    # Italian
    (
        r"questo\s+articolo\s+è\s+(?:stato\s+)?(?:(?:originariamente|inizialmente|già)\s+)?"
        r"(?:pubblicato|apparso|uscito|aggiornato|tradotto)\b"
    ),
    r"articolo\s+(?:originariamente\s+)?pubblicato\b",
    r"nota\s+della?\s+(?:redazione|redattore)\b",
)

_CALLS: Final = (
    # French
    r"abonnez-vous\b",
    rf"(?:inscrivez-vous|recevez)\b.*\b{_LETTER}",
    r"(?:suivez-nous|rejoignez-nous|retrouvez-nous)\s+(?:sur|dans|aussi)\b",
    r"partage[rz]\s+(?:cet\s+article|sur)\b",
    # English
    rf"(?:subscribe|sign\s+up|register|join)\b\s+(?:to|for|our)\b.*\b{_LETTER}",
    r"(?:subscribe\s+to|sign\s+up\s+for|join)\s+(?:our|my)\b",
    r"(?:subscribe|sign\s+up)\s+(?:now|today|here)\b",
    r"follow\s+us\s+on\b",
    r"share\s+this\s+(?:article|story|post)\b",
    # German
    r"(?:abonnieren\s+sie|folgen\s+sie\s+uns|jetzt\s+abonnieren)\b",
    rf"(?:melden\s+sie\s+sich|hier)\b.*\b{_LETTER}",
    # Spanish
    r"(?:suscríb[ea](?:te|se)|síg[ua](?:e|a)nos)\s*(?:$|[.!:]|(?:a|al|aquí|ahora|gratis|en|para)\b)",
    # Italian
    r"(?:iscriviti|seguici)\s+(?:al|alla|ora|qui|su|sui)\b",
    rf"abbonati\s+(?:ora\b|subito\b|qui\b|al?l?a?\b.*\b{_LETTER})",
    # any
    r"(?:publicité|advertisement|anzeige|publicidad|pubblicità|newsletter)\s*(?:$|:)",
)

_OPENINGS = re.compile("|".join((*_POINTERS, *_NOTES, *_CALLS)), re.IGNORECASE)
_BARE_AGENCY = re.compile(rf"(?:(?:avec|with|mit|con)\s+)?(?:l[’'])?{_AGENCY}", re.IGNORECASE)


def is_credit(text: str) -> bool:
    """Tell a text that is no part of its article.

    >>> is_credit("Lire aussi : les data centers ont soif"), is_credit("Lire reste un plaisir.")
    (True, False)

    Args:
        text: a paragraph, a line or a sentence. Of a text of several lines each must be one.

    Returns:
        Whether it is a credit ("Photo : AFP"), a pointer to other reading ("Lire aussi : ..."),
        an editor's note ("This article was first published on ...") or a call to subscribe.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and all(_is_credit_line(line) for line in lines)


def _is_credit_line(line: str) -> bool:
    if len(line) > _LONGEST:
        return False
    line = _BEFORE.sub("", line).strip()
    if _OPENINGS.match(line):
        return True
    bare = _AFTER.sub("", line)
    if match := _SOURCE.fullmatch(bare):
        return _is_source(match["source"])
    if match := _NAMED.fullmatch(bare):
        return _are_names(match["names"] or match["owner"] or match["asker"])
    return _BARE_AGENCY.fullmatch(bare) is not None


def _is_source(text: str) -> bool:
    """Tell a source from a sentence that is told of sources."""
    return len(text.split()) <= _MOST_WORDS_OF_A_SOURCE and not text.endswith(_SENTENCE_ENDS)


def _are_names(text: str) -> bool:
    """Tell names, with the small words that stand between them, from a sentence."""
    words = _WORD.findall(text)
    few = 0 < len(words) <= _MOST_WORDS_OF_NAMES
    return few and not text.endswith(_SENTENCE_ENDS) and all(map(_NAME.match, words))
