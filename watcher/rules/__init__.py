"""The watch language: what rules mean, what is wrong with them, and which of them an item hits.

`compile_rules` turns rules as written into a `RuleSet` or into all their faults at once;
`RuleSet.match` tries all of them on one item, `RuleSet.explain` tells of one why it matches or what
is nearest to it, and `describe` puts a rule in words.
"""

from watcher.rules.compiler import Compiled, compile_rules
from watcher.rules.describe import Described, Description, describe
from watcher.rules.engine.kinds import LANGUAGES
from watcher.rules.explain import Answered, Explanation, NearMiss
from watcher.rules.health import LATELY, ailments, flooding, judge
from watcher.rules.ruleset import RuleSet
from watcher.rules.spec import RuleFault, RuleSpec, RuleTests, Sample

__all__ = [
    "LANGUAGES",
    "LATELY",
    "Answered",
    "Compiled",
    "Described",
    "Description",
    "Explanation",
    "NearMiss",
    "RuleFault",
    "RuleSet",
    "RuleSpec",
    "RuleTests",
    "Sample",
    "ailments",
    "compile_rules",
    "describe",
    "flooding",
    "judge",
]
