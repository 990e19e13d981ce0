"""Finding many terms in one item at once, and telling which rules are true of it.

The way of an item:

1. `view.View`: each text becomes folded words (`watcher.text.tokens`: a few `split()`s for most
   texts; offsets are worked out only where something was found).
2. `finder.Finder` and `trie.Trie`: one look into one dictionary for each word of the text, however
   many rules there are. A term is entered there at its *anchor*, the word of it that is likely to
   be the rarest (`paths`, `rarity`), in each of its spellings: with plural endings, joined, and as
   wildcards, fuzzy words and stems, whose words are learnt (`kinds`). Where an anchor stands, the
   words around it are followed through the trie. Parts of a chunk (`e-mail`) are tried joined.
   Long terms are laid along the text piece by piece (`align`). Exact terms (`exact`) are sought
   where a word of theirs stands.
3. `candidates.Candidates`: terms that were found name the rules. Most rules are ORs of terms and
   true at once; any other is listed under the cheapest set of terms, patterns or values of which it
   needs one, and is tried (`truth`, `near`) when one is there. Patterns that nothing else leads to
   go through one filter (`patterns`), values through a dictionary (`value_keys`).
4. `evidence.Evidence`: for the rules that are true, the places that made them true.

So the time depends on the length of the texts and on what is found in them, not on the number of
rules. Whatever is remembered between items is bounded. `misses`, `seen` and `likeness` tell what
was nearly found; they are asked by people only.
"""
