"""What each flaw of a division costs: the taste of the editor, as one table.

Owns the numbers that the division of a thread weighs against each other. Only their proportions
matter; the price of a post is the measure: what is above it is worth a post to avoid.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Price(IntEnum):
    """The price of a flaw; the reason for each stands beside it."""

    #: A post that could not even be half as long as a headline looks like an accident.
    SHORT = 1800
    #: Posts of even length read as one voice; a post left wholly empty would cost this much.
    SLACK = 300
    #: A section is a thought: it starts where a post starts, unless that costs a post.
    SECTION_INSIDE = 400
    #: Two headings in one post make neither of them one.
    TWO_HEADINGS = 900
    #: A section that begins inside a post and ends in the next is twice torn.
    SECTION_TORN = 900
    #: Two sentences that do not follow each other in the article do not follow each other.
    LEFT_OUT_BETWEEN = 1200
    #: The sentences of a paragraph were written to be read together.
    SENTENCES_PARTED = 120
    #: A list is taken in at a glance.
    LIST_BROKEN = 250
    #: ... and one item is no list.
    ITEM_ALONE = 150
    #: "This decision ..." at the head of a post leaves the reader asking which.
    LEANING_FIRST = 350
    #: ... and a list intro with a demonstrative ("These rules are three:") asks for it most.
    DEMONSTRATIVE_FIRST = 600
    #: ... and after another sentence than the one it leans on it says something false.
    LEANING_ASTRAY = 350
    #: An intro that ends a post promises what does not follow.
    INTRO_LAST = 8000
    #: A question that ends a post is answered in another one, or nowhere.
    QUESTION_LAST = 450
    #: Digest: a paragraph of which only the first sentence is kept has hardly begun.
    PARAGRAPH_BEGUN = 450
    #: ... and one that goes on in the next post would better begin there.
    FIRST_ALONE = 100
    #: A sentence of a long item or quotation ends here anyway.
    CUT_AT_SENTENCE = 1500
    #: A clause ends here: the reader's voice pauses.
    CUT_AT_CLAUSE = 2000
    #: Between two words.
    CUT_AT_WORD = 3500
    #: Inside a word.
    CUT_AT_GRAPHEME = 6000
    #: Digest: the lead sentence of a section with a list is kept only where it adds no post, nor
    #: any flaw that an editor would see first.
    LEAD_LEFT_OUT = 200
    #: ... and the first words below a question are its answer.
    ANSWER_LEFT_OUT = 1100
    #: Digest: so is the sentence that a leaning list intro points to.
    ANTECEDENT_LEFT_OUT = 300
    #: Digest: what follows the lead of a section without a list fills its post. At this price a
    #: unit stands right after the one before it or nowhere.
    NEXT_LEFT_OUT = 250
    #: Under a cap: what might still be kept, once the more salient units have found their place.
    LEFT_OUT_UNDER_CAP = 600
    #: A heading that ends a post heads nothing. Never worth it.
    FORBIDDEN = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Taste:
    """The prices that depend on how much of an article is posted.

    Args:
        post: every post asks the reader to go on once more.
        structure: how much the flaws of structure weigh (where sections begin, lists and
            paragraphs parted, words that lean on others), in hundredths of their prices.
        paragraph_inside: in an article without headings a paragraph is a thought, and starts
            where a post starts.
    """

    post: int
    structure: int
    paragraph_inside: int

    def weigh(self, price: int) -> int:
        """Weigh the price of a flaw of structure."""
        return price * self.structure // 100


#: A digest is read for its structure.
DIGEST = Taste(post=1000, structure=100, paragraph_inside=700)
#: With full coverage there are many posts, and one fewer counts for more than structure.
FULL = Taste(post=1500, structure=35, paragraph_inside=100)
#: What needs the fewest posts, whatever the flaws.
FEWEST = Taste(post=1_000_000, structure=100, paragraph_inside=100)

#: A body post shorter than this, in the network's own counting, costs `Price.SHORT`.
SHORT_POST = 60
