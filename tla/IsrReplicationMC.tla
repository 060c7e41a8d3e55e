--------------------------- MODULE IsrReplicationMC ---------------------------
\* The model: one replica leads at first, and the others are alike.
EXTENDS IsrReplication, TLC
CONSTANT First
MCInit == Init /\ Part.leader = First
Symmetry == Permutations(Replicas \ {First})
=============================================================================
