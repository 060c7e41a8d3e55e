---------------------------- MODULE IsrMessagesMC -----------------------------
\* The model: one replica leads at first, and the others are alike.
EXTENDS IsrMessages, TLC
CONSTANT First
MCInit == MInit /\ Part.leader = First
Symmetry == Permutations(Replicas \ {First})
=============================================================================
