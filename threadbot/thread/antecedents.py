"""Which sentences lean on what was said before them.

Owns the words that open such sentences, by language. "This decision ..." at the head of a post
leaves the reader asking "which?"; the composer keeps such a sentence with the one it leans on, or
does not choose it. Lists are short on purpose: a word that seldom leans is not in them.
"""

from __future__ import annotations

import re

#: Demonstratives: what they point to is always the words just before.
DEMONSTRATIVES = {
    "fr": r"ces?|cet|cette|cela|ça|c['’]|celui|celle|ceux|celles|ceci",
    "en": r"this|that|these|those|such",
    "de": r"das (?:ist|war|hat|hatte|wird|sind|waren|heißt|bedeutet|zeigt|macht|gilt|liegt|kann|"
    r"könnte|soll|sollte|sollen)|dies(?:e|er|es|em|en)?|jen(?:e|er|es|em|en)|solch(?:e|er|es|em|en)",
    "es": r"est[eao]s?|es[eao]s?|aquel(?:la|los|las|lo)?|dich[oa]s?",
    "it": r"quest[oaei]|quest['’]|quel(?:lo|la|li|le)?|quei|quegli|tal[ei]",
    "pt": r"est[ea]s?|ess[ea]s?|isto|isso|aquel[ea]s?",
    "nl": r"deze|dit|dat|die|zulke?",
    "ar": r"هذا|هذه|ذلك|تلك|هؤلاء|أولئك|ب(?:هذا|هذه|ذلك)|ل(?:هذا|هذه|ذلك)|أما (?:\w+ ){0,3}ذلك",
    # "इस साल" is this year.
    "hi": r"यह|ये|वह|वे|इस(?:के|की|का|से|में|ने|को|ी)?(?! साल| बार)|इन(?:के|की|का|में|से|को)?|"
    r"उस(?:के|की|का|से|में|ने|को|ी)?|उन(?:के|की|का|में|से|को)?|ऐस[ेीा]",
    # "このほど" and "この一年" are times.
    "ja": r"これ|それ|この(?!ほど|たび|一年)|その|こう[しい]|そう[しい]|ここ|そこ",
}
#: Pronouns, possessives and connectives that go on from the sentence before.
CONTINUATIONS = {
    "fr": (
        r"ils?|elles?|leurs?|son|sa|ses|en effet|ainsi|mais|or|pourtant|cependant|toutefois|"
        r"néanmoins|donc|car|et|puis|ensuite|enfin|de plus|en outre|par ailleurs|"
        r"en revanche|du coup|résultat|de quoi|le tout|d['’]où|autrement dit|à l['’]inverse|"
        r"un tel|une telle|l['’]une?|l['’]autre|ce faisant|y compris|notamment|d['’]autres?|"
        r"(?:la plupart|certaine?s|aucune?|chacune?|beaucoup) d['’]entre (?:eux|elles)|"
        r"(?:une?|des) \w+(?: \w+)?,? (?:qui|que|dont|où)|une nouvelle"
    ),
    "en": (
        r"it|its|they|their|he|she|his|her|but|and|so|yet|however|therefore|thus|hence|"
        r"moreover|furthermore|besides|instead|meanwhile|then|nevertheless|still|also|"
        r"as a result|for example|for instance|in addition|on the other hand|both|the latter|"
        r"in return|in (?:each|either|every|both|neither) (?:case|of)|now (?:they|it|he|she)|"
        r"(?:there (?:are|were) )?(?:\w+ )?\w+ of (?:them|these|those)|"
        r"an? \w+ (?:that|which|who)"
    ),
    "de": (
        r"er|sie|es|ihre?[rnms]?|seine?[rnms]?|aber|doch|und|denn|deshalb|daher|darum|"
        r"dennoch|trotzdem|außerdem|zudem|somit|damit|dabei|dadurch|allerdings|jedoch|auch|"
        r"so|dann|beide|letztere[rns]?|dafür|davon|daran|darauf|im gegenzug"
    ),
    "es": (
        r"él|ella|ellos|ellas|sus?|pero|y|sin embargo|además|así|por (?:eso|tanto|ello)|"
        r"entonces|también|ambos|no obstante|un[ao]? \w+ que"
    ),
    "it": (
        r"egli|ella|ess[oaie]|loro|il suo|la sua|i suoi|le sue|ma|e|però|tuttavia|inoltre|"
        r"così|quindi|dunque|perciò|infatti|entrambi|un[ao']? \w+ che"
    ),
    "pt": r"eles?|elas?|seus?|suas?|mas|e|porém|no entanto|além disso|assim|portanto|também",
    "nl": r"hij|zij|ze|het|hun|maar|en|dus|toch|echter|daarom|bovendien|ook|daarnaast",
    "ar": r"لكن|ولكن|لكنه[ام]?|وهو|وهي|فهو|فهي|ثم|وهكذا|ومع ذلك|كما|أيضًا|وبذلك",
    "hi": r"लेकिन|मगर|इसलिए|फिर भी|तब|साथ ही|हालाँकि|हालांकि|और",
    "ja": r"しかし|だが|だから|ところが|ただし|でも、|そして|また、|さらに|つまり|一方|実際、",
}

#: Connectives that stand behind the first words: "Wir glauben allerdings, dass ...".
MIDWAY = {
    "fr": r"(?:WORD){1,4}(?:en revanche|pourtant|cependant|toutefois|néanmoins)\b|"
    r"(?:WORD){1,4}(?<=, )(?:lui|elle|eux|elles),",
    "en": r"(?:WORD){1,4}however,",
    "de": r"(?:WORD){1,4}(?:allerdings|jedoch|hingegen|dagegen|freilich)\b",
}
#: A question that opens a paragraph with one of these opens a thought: "And if it breaks?".
_OPENING_WORD = re.compile(
    r"[\W_]*(?:and|but|et|mais|und|aber|doch|y|pero|e|ma|mas|en(?! revanche)|maar)\b",
    re.IGNORECASE,
)
#: German sets the demonstrative of a list intro behind the verb: "Übrig blieben diese Sätze:".
_LATE_DEMONSTRATIVE = {"de": re.compile(r".*\bdies(?:e|er|es|em|en)\b", re.DOTALL)}


#: Where an opening word ends: an elided one (c', d'où) in its apostrophe, every other one at a
#: boundary. Python sees one before the vowel signs of Hindi; Japanese has none between words.
_END = r"(?:(?<=['’])|\b(?!['’-]))"
_ENDS = {"hi": r"(?=[\s।,])", "ja": ""}


def _opener(language: str, *alternatives: str) -> re.Pattern[str]:
    words = "|".join(alternatives)
    return re.compile(rf"[\W_]*(?:{words}){_ENDS.get(language, _END)}", re.IGNORECASE)


_DEMONSTRATIVE = {language: _opener(language, words) for language, words in DEMONSTRATIVES.items()}
_MIDWAY = {
    # No word begins with what may stand before the first, so that matching takes linear time.
    language: re.compile(
        r"[\W_]*(?:" + words.replace("WORD", r"[^\W_][\w'’-]*,?\s") + ")", re.IGNORECASE
    )
    for language, words in MIDWAY.items()
}
_LEANING = {
    language: _opener(language, words, CONTINUATIONS[language])
    for language, words in DEMONSTRATIVES.items()
}


def opens_with_demonstrative(text: str, language: str | None) -> bool:
    """Tell whether a sentence opens with a word such as "This"; False where no list is known."""
    pattern = _DEMONSTRATIVE.get(language or "")
    return bool(pattern and pattern.match(text))


def leans_back(text: str, language: str | None) -> bool:
    """Tell whether a sentence cannot stand first: "This", "It", "But" and the like point back.

    Args:
        text: the sentence.
        language: two-letter code; in a language without a list the answer is False.
    """
    first, midway = _LEANING.get(language or ""), _MIDWAY.get(language or "")
    return bool((first and first.match(text)) or (midway and midway.match(text)))


def opens_thought(text: str) -> bool:
    """Tell a question such as "And if it breaks?", which opens a paragraph without leaning."""
    end = len(text)
    while end and not (text[end - 1].isalnum() or text[end - 1] in "?？"):
        end -= 1
    return text[:end].endswith(("?", "？")) and _OPENING_WORD.match(text) is not None


def has_late_demonstrative(text: str, language: str | None) -> bool:
    """Tell whether a list intro has its demonstrative behind the verb: "Übrig blieben diese:"."""
    pattern = _LATE_DEMONSTRATIVE.get(language or "")
    return bool(pattern and pattern.match(text))
