"""Why a rule is true of an item, or what is nearest to making it true.

`answers` are the nouns, `explainer` goes through a rule, `inquiry` through what is false in it.
"""

from watcher.rules.explain.answers import Answered, Explanation, NearMiss
from watcher.rules.explain.explainer import Conjunct, Explainer, in_feeds

__all__ = ["Answered", "Conjunct", "Explainer", "Explanation", "NearMiss", "in_feeds"]
