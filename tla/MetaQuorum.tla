------------------------------ MODULE MetaQuorum ------------------------------
(***************************************************************************)
(* Why the metadata log only grows, as the other specifications assume: the *)
(* quorum's elections and commits, and voters that lose their storage.      *)
(*                                                                         *)
(*   Campaign -> Record -> Copy -> Commit       LoseStorage: votes no more  *)
(*                                                                         *)
(* It is Raft in outline (node/quorum leaves Raft itself to a library): an  *)
(* election and the copying of a log are one step each. What it is about is *)
(* the premise: a majority of the voters keeps its storage, and one that    *)
(* lost it never votes under its old identity (raft id = node id +          *)
(* directory id). A29 is that it does.                                      *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS Voters, MaxTerm, MaxRecords, MaxLosses, Bugs

VARIABLES
  term,      \* [Voters -> Nat]: of the last vote
  records,   \* [Voters -> Seq(term)]: the metadata log
  leads,     \* the voters that lead, each in its term
  lost,      \* those that lost their storage
  committed, \* Seq(term)
  losses     \* how many there were
vars == <<term, records, leads, lost, committed, losses>>

Prefix(s, n) == SubSeq(s, 1, n)
IsPrefix(s, t) == Len(s) <= Len(t) /\ s = Prefix(t, Len(s))
Last(s) == IF s = <<>> THEN 0 ELSE s[Len(s)]
Newer(s, t) == Last(s) > Last(t) \/ (Last(s) = Last(t) /\ Len(s) > Len(t))

Counts == IF "A29" \in Bugs THEN Voters ELSE Voters \ lost
Majorities == {m \in SUBSET Counts : 2 * Cardinality(m) > Cardinality(Voters)}

Init ==
  /\ term = [v \in Voters |-> 0]
  /\ records = [v \in Voters |-> <<>>]
  /\ leads = {} /\ lost = {} /\ committed = <<>> /\ losses = 0

Campaign(v) ==
  /\ v \in Counts /\ term[v] < MaxTerm
  /\ \E m \in Majorities :
       /\ v \in m
       /\ \A u \in m : (u = v \/ term[u] <= term[v]) /\ ~Newer(records[u], records[v])
       /\ term' = [u \in Voters |-> IF u \in m THEN term[v] + 1 ELSE term[u]]
       /\ leads' = (leads \ m) \cup {v}
  /\ UNCHANGED <<records, lost, committed, losses>>

Record(v) ==
  /\ v \in leads /\ Len(records[v]) < MaxRecords
  /\ records' = [records EXCEPT ![v] = Append(@, term[v])]
  /\ UNCHANGED <<term, leads, lost, committed, losses>>

Copy(v, u) ==
  /\ v \in leads /\ u \in Counts \ {v} /\ term[u] <= term[v]
  /\ records' = [records EXCEPT ![u] = records[v]]
  /\ term' = [term EXCEPT ![u] = term[v]]
  /\ leads' = leads \ {u}
  /\ UNCHANGED <<lost, committed, losses>>

\* What a majority has, up to a record of the leader's own term.
Commit(v) ==
  /\ v \in leads
  /\ \E n \in 1..Len(records[v]) :
       /\ records[v][n] = term[v] /\ n > Len(committed)
       /\ \E m \in Majorities : \A u \in m : term[u] = term[v] /\ IsPrefix(Prefix(records[v], n), records[u])
       /\ committed' = Prefix(records[v], n)
  /\ UNCHANGED <<term, records, leads, lost, losses>>

LoseStorage(v) ==
  /\ losses < MaxLosses
  /\ records' = [records EXCEPT ![v] = <<>>]
  /\ term' = [term EXCEPT ![v] = 0]
  /\ leads' = leads \ {v}
  /\ lost' = lost \cup {v}
  /\ losses' = losses + 1
  /\ UNCHANGED committed

Next ==
  \/ \E v \in Voters : Campaign(v) \/ Record(v) \/ Commit(v) \/ LoseStorage(v)
  \/ \E v, u \in Voters : Copy(v, u)
Spec == Init /\ [][Next]_vars

\* Committed metadata is never taken back: it is there at the leader of the last term,
NeverMetadataLost ==
  \A v \in leads : (\A u \in leads : term[u] <= term[v]) /\ term[v] >= Last(committed) => IsPrefix(committed, records[v])
\* and it grows.
NeverMetadataDiffers == [][IsPrefix(committed, committed')]_committed
=============================================================================
