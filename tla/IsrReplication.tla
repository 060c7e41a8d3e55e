---------------------------- MODULE IsrReplication ----------------------------
(***************************************************************************)
(* The replication of one partition, as node/partition and node/meta do it. *)
(*                                                                         *)
(*   client -> Append -> Sync -----\                                       *)
(*             leader               AdvanceHW -> published                 *)
(*             follower            /    ^                                  *)
(*             Fetch -> Sync -----/     | maximal ISR = ISR + who joins    *)
(*             Truncate    Expand, Shrink -> Commit -> metalog -> Apply    *)
(*   faults: Crash, LoseStorage       controller: Fence, Unfence, Elect,   *)
(*                                                Register, Confess        *)
(*                                                                         *)
(* What is abstracted:                                                     *)
(*  - Messages. A follower may take what the leader of its epoch has had   *)
(*    at any time (led), and the leader may count what a follower has had  *)
(*    durable at any time in its epoch (acks): so a message may be late,   *)
(*    lost or doubled, though none is drawn. IsrMessages draws them.       *)
(*  - Time. Whoever may be fenced or fall out of the ISR may do so now.    *)
(*  - Batches are records with one offset each, and logs start at 0: no    *)
(*    retention, no compaction, no damage within a log.                    *)
(*  - The metadata quorum is a log that only grows (metalog). Each replica *)
(*    replays it in order, at its own pace (applied).                      *)
(*  - A process starts, opens its log, registers and replays that in one   *)
(*    step (Register): it does nothing between. So with Confess.           *)
(*  - A broker in controlled shutdown is one that is fenced, and up.       *)
(*  - min.insync.replicas stays as it is; no reassignment, no unclean      *)
(*    election, no ELR feature turned off.                                 *)
(*  - Which of several who may be elected is anybody's guess.              *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Replicas,          \* model values
  Nil,               \* nobody, nothing
  MinISR,            \* min.insync.replicas
  MaxRecords,        \* bounds: appends,
  MaxLeaderEpoch,    \*   leader epochs, from 0,
  MaxPartitionEpoch, \*   partition epochs, from 0,
  MaxCrashes, MaxLosses,
  Retries,           \* whether a leader asks again (Restate)
  Losses,            \* how storage is lost: a set of "gone" (a directory), "cut" (the end of a log)
  Budget,            \* which losses may happen: "law" (any), "T2", "T3"; T1 is MaxLosses = 0
  Bugs               \* historical bugs, by their names in BUGZOO; {}: none

VARIABLES
  \* the replicas' disks
  log,         \* [Replicas -> Seq(<<leader epoch, value>>)]: storage.Log
  durable,     \* [Replicas -> Nat]: what a power cut leaves (Log.Acked)
  storage,     \* [Replicas -> {"kept", "gone", "cut", "refilling"}]: lost and nobody knows; known, and not in the ISR since
  \* their processes
  up,          \* the replicas whose process runs, and is registered
  hw,          \* [Replicas -> Nat]: Partition.HighWatermark; of one that is down its checkpoint
  applied,     \* [Replicas -> Nat]: partition epoch that was applied last, + 1 (its place in metalog); 0: down
  pending,     \* [Replicas -> [isr, joins, at] or Nil]: a leader's change of the ISR under way
  \* the controller
  metalog,     \* Seq([leader, leaderEpoch, isr, elr, last]): meta.Partition, by partition epoch
  active,      \* the brokers in service: neither fenced nor about to go
  brokerEpoch, \* [Replicas -> Nat]: how often it was registered anew
  asked,       \* changes that may yet be carried out: asked for under the last partition epoch, and not refused
  \* what has been, for the rules and for what must hold
  led,         \* [leader epochs -> [log, hw, start] or Nil]: what its leader has had, at most
  acks,        \* [Replicas -> [leader epochs -> [broker epochs -> [end, last] or Nil]]]: what one may have told that leader, at most
  published,   \* Seq(record): what was below the high watermark of any leader
  spared,      \* of T3: who keeps its storage while others lose theirs; Nil: nobody need
  spent        \* [records, crashes, losses]: of the bounds

disks == <<log, durable, storage>>
processes == <<up, hw, applied, pending>>
controller == <<metalog, active, brokerEpoch, asked>>
vars == <<disks, processes, controller, led, acks, published, spared, spent>>

-----------------------------------------------------------------------------
Min(S) == CHOOSE x \in S : \A y \in S : x <= y
Max(S) == CHOOSE x \in S : \A y \in S : x >= y
Prefix(s, n) == SubSeq(s, 1, n)
IsPrefix(s, t) == Len(s) <= Len(t) /\ s = Prefix(t, Len(s))
Epoch(record) == record[1]

LeaderEpochs == 0..MaxLeaderEpoch
BrokerEpochs == 0..MaxCrashes

Part == metalog[Len(metalog)]               \* as committed
View(r) == metalog[applied[r]]              \* as r knows it, which is up
Enough(isr) == Cardinality(isr) >= Min({MinISR, Cardinality(Replicas)}) \* in sync to commit

Able(r) == r \in up /\ storage[r] # "cut"   \* Partition.Lost is false
Leads(r) == Able(r) /\ View(r).leader = r
Follows(r) == Able(r) /\ View(r).leader \notin {r, Nil}
\* A follower asks when all that it has is durable, and takes no records otherwise.
Asks(r) == Follows(r) /\ (durable[r] = Len(log[r]) \/ "A35" \in Bugs)
MayFetch(r) == Asks(r) /\ led[View(r).leaderEpoch] # Nil \* its leader has begun
Leading(r) == led[View(r).leaderEpoch]      \* what the leader that r follows has had
Joins(change) == IF change = Nil \/ change.joins = Nil THEN {} ELSE {change.joins}
MaximalISR(r) == View(r).isr \cup Joins(pending[r])

\* Where an epoch ends in a log l of one who has come to epoch e: the largest epoch
\* there that is not above it, and the offset behind that (Epochs.EndOffset).
EndOffset(l, e, epoch) ==
  LET above == {i \in 1..Len(l) : Epoch(l[i]) > epoch}
      end == IF above = {} THEN Len(l) ELSE Min(above) - 1
  IN [epoch |-> IF epoch = e \/ end = 0 THEN epoch ELSE Epoch(l[end]), end |-> end]

LastEpoch(l) == IF l = <<>> THEN -1 ELSE Epoch(l[Len(l)])
\* What a follower says of a log with its fetch, and whether it fits one of the leader of
\* epoch e: if its last epoch ends there, or later.
Claim(l) == [end |-> Len(l), last |-> LastEpoch(l)]
Fits(c, l, e) == c.last # -1 => LET x == EndOffset(l, e, c.last) IN x.epoch = c.last /\ x.end >= c.end
Agrees(r) == Fits(Claim(log[r]), Leading(r).log, View(r).leaderEpoch)
Compared(r) == EndOffset(Leading(r).log, View(r).leaderEpoch, LastEpoch(log[r]))

\* Whether m may have told l that it has n records; who is about to join as the process
\* that joins (KAFKA-15221: what one told before it lost its storage does not count).
Told(l, m, n) == \E b \in BrokerEpochs : LET c == acks[m][View(l).leaderEpoch][b] IN
  c # Nil /\ c.end >= n /\ (m \in Joins(pending[l]) => b >= pending[l].at \/ "A33" \in Bugs)

-----------------------------------------------------------------------------
FirstAcks(l) == [r \in Replicas |-> [e \in LeaderEpochs |-> [b \in BrokerEpochs |->
  IF e = 0 /\ b = 0 /\ r # l THEN Claim(<<>>) ELSE Nil]]]

Init ==
  /\ log = [r \in Replicas |-> <<>>]
  /\ durable = [r \in Replicas |-> 0]
  /\ storage = [r \in Replicas |-> "kept"]
  /\ up = Replicas
  /\ hw = [r \in Replicas |-> 0]
  /\ applied = [r \in Replicas |-> 1]
  /\ pending = [r \in Replicas |-> Nil]
  /\ \E l \in Replicas :
       metalog = << [leader |-> l, leaderEpoch |-> 0, isr |-> Replicas, elr |-> {}, last |-> Nil] >>
  /\ active = Replicas
  /\ brokerEpoch = [r \in Replicas |-> 0]
  /\ asked = {}
  /\ led = [e \in LeaderEpochs |-> IF e = 0 THEN [log |-> <<>>, hw |-> 0, start |-> 0] ELSE Nil]
  /\ acks = FirstAcks(Part.leader)
  /\ published = <<>>
  /\ spared = Nil
  /\ spent = [records |-> 0, crashes |-> 0, losses |-> 0]

\* Whoever follows, and has all durable that it has, may tell it to its leader: that
\* becomes true by any step, and each notes it. It may arrive after the leader has begun
\* its epoch, and counts if it fits what the leader begins with. Once one has joined, what
\* its processes told before does not.
Larger(c, d) == IF d = Nil \/ c.end >= d.end THEN c ELSE d
Noted ==
  LET was == Part
      now == Part'
      joined == IF now.leaderEpoch = was.leaderEpoch /\ "A33" \notin Bugs THEN now.isr \ was.isr ELSE {}
      Kept(r, e, joins, told) ==
        IF led'[e] = Nil \/ (led[e] # Nil /\ told = acks[r][e] /\ ~joins)
        THEN told
        ELSE [b \in BrokerEpochs |->
               IF told[b] = Nil \/ ~Fits(told[b], led'[e].log, e) \/ (joins /\ b < brokerEpoch[r]) THEN Nil ELSE told[b]]
  IN acks' = [r \in Replicas |->
       LET asks == IF Asks(r)' THEN View(r)'.leaderEpoch ELSE -1 IN
       [e \in LeaderEpochs |->
         LET joins == r \in joined /\ e = now.leaderEpoch IN
         IF e = asks
         THEN Kept(r, e, joins, [acks[r][e] EXCEPT ![brokerEpoch'[r]] = Larger(Claim(log'[r]), @)])
         ELSE IF led[e] = Nil \/ joins THEN Kept(r, e, joins, acks[r][e]) ELSE acks[r][e]]]

-----------------------------------------------------------------------------
\* What a replica does.

Write(l, v) ==
  /\ Leads(l)
  /\ log' = [log EXCEPT ![l] = Append(@, <<View(l).leaderEpoch, v>>)]
  /\ led' = [led EXCEPT ![View(l).leaderEpoch].log = log'[l]]
  /\ spent' = [spent EXCEPT !.records = @ + 1]
  /\ UNCHANGED <<durable, storage, processes, controller, published, spared>>

Sync(r, n) ==
  /\ r \in up
  /\ durable' = [durable EXCEPT ![r] = n]
  /\ UNCHANGED <<log, storage, processes, controller, led, published, spared, spent>>

Raise(l, n) ==
  /\ hw' = [hw EXCEPT ![l] = n]
  /\ led' = [led EXCEPT ![View(l).leaderEpoch].hw = n]
  /\ published' = IF n > Len(published) THEN Prefix(log[l], n) ELSE published
  /\ UNCHANGED <<disks, up, applied, pending, controller, spared, spent>>

\* A leader's high watermark is the least that the members of the maximal ISR hold for
\* certain. It stands still while the committed ISR is too small.
Counted(l) == IF "KIP-497" \in Bugs THEN View(l).isr ELSE MaximalISR(l)
MayCommit(l) == Enough(IF "A32" \in Bugs THEN MaximalISR(l) ELSE View(l).isr) \/ "A8" \in Bugs
AdvanceHW(l, n) ==
  /\ Leads(l) /\ MayCommit(l)
  /\ \A m \in Counted(l) \ {l} : Told(l, m, n)
  /\ Raise(l, n)

\* A follower takes records up to n,
Take(f, records) ==
  /\ log' = [log EXCEPT ![f] = @ \o records]
  /\ UNCHANGED <<durable, storage, processes, controller, led, published, spared, spent>>
Fetch(f, n) ==
  /\ MayFetch(f) /\ Agrees(f)
  /\ Take(f, SubSeq(Leading(f).log, Len(log[f]) + 1, n))

\* cuts what its leader does not have, as far as the epochs tell at once (KIP-101, KIP-279),
CutAt(f) == Min({Compared(f).end, EndOffset(log[f], LastEpoch(log[f]), Compared(f).epoch).end})
Cut(f, n, instead) ==
  /\ log' = [log EXCEPT ![f] = Prefix(@, n) \o instead]
  /\ durable' = [durable EXCEPT ![f] = Min({@, n})]
  /\ hw' = [hw EXCEPT ![f] = Min({@, n})]
  /\ UNCHANGED <<storage, up, applied, pending, controller, led, published, spared, spent>>
Truncate(f) ==
  /\ MayFetch(f) /\ ~Agrees(f)
  /\ IF "A2" \in Bugs \* does not look again, but goes on behind the end that it was told
     THEN LET n == Min({Compared(f).end, Len(log[f])}) IN Cut(f, n, SubSeq(Leading(f).log, n + 1, Len(Leading(f).log)))
     ELSE Cut(f, CutAt(f), <<>>)

\* and learns what is committed: with the records, and as they become durable.
Learn(f, n) ==
  /\ hw' = [hw EXCEPT ![f] = n]
  /\ UNCHANGED <<disks, up, applied, pending, controller, led, published, spared, spent>>
LearnHW(f, n) ==
  /\ Follows(f) /\ led[View(f).leaderEpoch] # Nil /\ Agrees(f)
  /\ n <= Leading(f).hw
  /\ Learn(f, n)

\* One change of the ISR is under way at a time. What the leader asks for under old
\* metadata can only be refused.
Ask(l, change) == asked' = IF applied[l] = Len(metalog) THEN asked \cup {change} ELSE asked

Propose(l, change) ==
  /\ pending' = [pending EXCEPT ![l] = change]
  /\ Ask(l, change)
  /\ UNCHANGED <<disks, up, hw, applied, metalog, active, brokerEpoch, led, published, spared, spent>>

Joining(l, f, b) == [isr |-> View(l).isr \cup {f}, joins |-> f, at |-> b]
Staying(isr) == [isr |-> isr, joins |-> Nil, at |-> 0]

Expand(l, f, b) ==
  LET e == View(l).leaderEpoch IN
  /\ Leads(l) /\ pending[l] = Nil
  /\ f \notin View(l).isr
  /\ acks[f][e][b] # Nil /\ acks[f][e][b].end >= Max({hw[l], led[e].start})
  /\ Propose(l, Joining(l, f, b))

Shrink(l, isr) ==
  /\ Leads(l) /\ pending[l] = Nil
  /\ l \in isr
  /\ Propose(l, Staying(isr))

\* It was refused, but an earlier attempt may still arrive: the new partition epoch of
\* the ISR as it is shuts that out.
Restate(l) ==
  /\ Leads(l) /\ pending[l] # Nil
  /\ Ask(l, Staying(View(l).isr))
  /\ UNCHANGED <<disks, processes, metalog, active, brokerEpoch, led, published, spared, spent>>

\* The leader knows for certain that all that it asked was refused, and nobody came in by
\* it.
Done(l) ==
  /\ applied[l] < Len(metalog)
  /\ metalog[applied[l] + 1].leaderEpoch = View(l).leaderEpoch
  /\ Joins(pending[l]) \cap metalog[applied[l] + 1].isr # {}
Forget(l) ==
  /\ pending' = [pending EXCEPT ![l] = Nil]
  /\ asked' = IF applied[l] = Len(metalog) /\ "A30" \notin Bugs THEN {} ELSE asked
  /\ UNCHANGED <<disks, up, hw, applied, metalog, active, brokerEpoch, led, published, spared, spent>>
Drop(l) ==
  /\ Leads(l) /\ pending[l] # Nil
  /\ ~Done(l) \/ "A30" \in Bugs
  /\ Forget(l)

\* Who is neither in ISR nor ELR has nothing to confess (Partition.reconsider).
Excused(r, p) == IF storage[r] = "cut" /\ r \notin p.isr \cup p.elr THEN [storage EXCEPT ![r] = "refilling"] ELSE storage

\* A replica replays the next change. It settles what was under way; a leader begins its
\* epoch where its log ends.
Apply(r) ==
  LET was == View(r)
      p == metalog[applied[r] + 1]
      cut == IF "A1" \in Bugs /\ p.leader # r /\ p.leaderEpoch # was.leaderEpoch THEN hw[r] ELSE Len(log[r]) IN
  /\ r \in up /\ applied[r] < Len(metalog)
  /\ applied' = [applied EXCEPT ![r] = @ + 1]
  /\ pending' = [pending EXCEPT ![r] = Nil]
  /\ led' = IF p.leader = r /\ led[p.leaderEpoch] = Nil /\ storage[r] # "cut"
            THEN [led EXCEPT ![p.leaderEpoch] = [log |-> log[r], hw |-> hw[r], start |-> Len(log[r])]]
            ELSE led
  /\ log' = [log EXCEPT ![r] = Prefix(@, cut)]
  /\ durable' = [durable EXCEPT ![r] = Min({@, cut})]
  /\ storage' = Excused(r, p)
  /\ UNCHANGED <<up, hw, controller, published, spared, spent>>

-----------------------------------------------------------------------------
\* What the controller decides.

\* ISR and ELR once want is asked for as ISR, as KIP-966 has it (meta: shape): below
\* min.insync.replicas nothing is committed, so who leaves the ISR then stays eligible.
\* At or above it nobody outside is.
Limit(isr, elr) == IF Enough(isr) /\ "A8" \notin Bugs THEN {} ELSE elr
Shapes(p, want, lost, ready, anew, elect) ==
  LET isr == want \ lost
      elr == Limit(isr, ((p.elr \cup p.isr) \ lost) \ isr)
      able == (IF isr = {} THEN elr ELSE isr) \cap ready
      next == IF able = {} THEN {Nil}
              ELSE IF p.leader \in able /\ ~elect THEN {p.leader}
              ELSE able
  IN {[leader |-> l,
       leaderEpoch |-> IF l # p.leader \/ anew THEN p.leaderEpoch + 1 ELSE p.leaderEpoch,
       isr |-> IF l \in isr \cup {Nil} THEN isr ELSE {l},
       elr |-> IF l \in isr \cup {Nil} THEN elr ELSE Limit({l}, elr \ {l}),
       last |-> IF l # Nil THEN Nil ELSE IF isr = {} /\ p.leader # Nil THEN p.leader ELSE p.last] : l \in next}

\* A new state of the partition voids what was asked under the one before.
Commits(p) ==
  /\ Len(metalog) <= MaxPartitionEpoch
  /\ p.leaderEpoch <= MaxLeaderEpoch
  /\ spared = Nil \/ spared \in p.isr \cup p.elr \* a premise of T3
  /\ metalog' = Append(metalog, p)
  /\ asked' = {}

\* The partition follows what became of the brokers (meta: sweep).
Sweeps(ready, lost, anew) ==
  \E p \in Shapes(Part, Part.isr \cap ready, lost, ready, anew, FALSE) :
    IF p = Part THEN UNCHANGED <<metalog, asked>> ELSE Commits(p)

Fence(gone) ==
  /\ gone # {} /\ gone \subseteq active
  /\ spared \notin gone
  /\ active' = active \ gone
  /\ Sweeps(active', {}, FALSE)
  /\ UNCHANGED <<disks, processes, brokerEpoch, led, published, spared, spent>>

\* It may come after the process that asked for it has ended; Step leaves that out.
Unfence(r) ==
  /\ r \notin active
  /\ active' = active \cup {r}
  /\ Sweeps(active', {}, FALSE)
  /\ UNCHANGED <<disks, processes, brokerEpoch, led, published, spared, spent>>

\* A process has come. If its directory is a new one, the replica leaves ISR and ELR with
\* the same record.
Register(r) ==
  LET lost == storage[r] = "gone" /\ "A9" \notin Bugs IN
  /\ r \notin up
  /\ up' = up \cup {r}
  /\ active' = active \ {r}
  /\ brokerEpoch' = [brokerEpoch EXCEPT ![r] = @ + 1]
  /\ Sweeps(active', IF lost THEN {r} ELSE {}, Part.leader = r)
  /\ storage' = IF lost THEN [storage EXCEPT ![r] = "refilling"] ELSE Excused(r, metalog'[Len(metalog')])
  /\ applied' = [applied EXCEPT ![r] = Len(metalog')]
  /\ UNCHANGED <<log, durable, hw, pending, led, published, spared, spent>>

\* A replica's log was found to be cut below what was synced (meta: ReplicaLost). It did
\* nothing until now.
Confess(r) ==
  /\ r \in up /\ storage[r] = "cut"
  /\ Sweeps(active, {r}, TRUE)
  /\ storage' = [storage EXCEPT ![r] = "refilling"]
  /\ applied' = [applied EXCEPT ![r] = Len(metalog')]
  /\ UNCHANGED <<log, durable, up, hw, pending, active, brokerEpoch, led, published, spared, spent>>

\* A leader that could as well be another (preferred, or by hand).
Elect ==
  /\ \E p \in Shapes(Part, Part.isr, {}, active, FALSE, TRUE) : p.leader # Part.leader /\ Part.isr # {} /\ Commits(p)
  /\ UNCHANGED <<disks, processes, active, brokerEpoch, led, published, spared, spent>>

\* A leader is given the ISR that it asked for (AlterPartition), if the one that joins is
\* in service, as the process that the leader means.
Whole(isr, kept) == isr = Replicas /\ \A r \in Replicas : kept[r] = "kept"
Admissible(change) ==
  /\ change.isr \subseteq active \/ "A11" \in Bugs
  /\ \A f \in Joins(change) : change.at = brokerEpoch[f] \/ "A10" \in Bugs
Grant(change) ==
  /\ \E p \in Shapes(Part, change.isr, {}, active, FALSE, FALSE) : Commits(p)
  /\ storage' = [r \in Replicas |-> IF r \in Joins(change) /\ storage[r] = "refilling" THEN "kept" ELSE storage[r]]
  /\ spared' = IF Whole(Part.isr', storage') THEN Nil ELSE spared
  /\ UNCHANGED <<log, durable, processes, active, brokerEpoch, led, published, spent>>
Commit(change) == change \in asked /\ Admissible(change) /\ Grant(change)

-----------------------------------------------------------------------------
\* What befalls a replica.

\* A power cut leaves what was synced, and what else it will; of the high watermark what
\* its checkpoint says.
Crash(r, n, high) ==
  /\ r \in up /\ r # spared
  /\ durable[r] <= n /\ n <= Len(log[r])
  /\ high <= hw[r] /\ high <= n
  /\ up' = up \ {r}
  /\ log' = [log EXCEPT ![r] = Prefix(@, n)]
  /\ durable' = [durable EXCEPT ![r] = n]
  /\ hw' = [hw EXCEPT ![r] = high]
  /\ applied' = [applied EXCEPT ![r] = 0]
  /\ pending' = [pending EXCEPT ![r] = Nil]
  /\ spent' = [spent EXCEPT !.crashes = @ + 1]
  /\ UNCHANGED <<storage, controller, led, published, spared>>

\* Which replicas may lose their storage (DESIGN: T2, T3).
Lossy == {r \in Replicas : storage[r] # "kept"}
Permitted(r, keeper) ==
  CASE Budget = "law" -> keeper = Nil
    [] Budget = "T2" -> keeper = Nil /\ Cardinality(Lossy \cup {r}) < Min({MinISR, Cardinality(Replicas)})
    [] Budget = "T3" -> keeper # Nil /\ keeper # r /\ keeper \in up \cap active
                        /\ (spared = keeper \/ (spared = Nil /\ Whole(Part.isr, storage)))
    [] Budget = "N-1" -> keeper # Nil /\ keeper # r /\ storage[keeper] = "kept" /\ spared \in {Nil, keeper}

\* A part may be all that there is: what was lost of a journal could have been of any log.
LoseStorage(r, how, n, keeper) ==
  /\ r \notin up
  /\ how = "cut" => n <= durable[r]
  /\ how = "gone" => n = 0
  /\ Permitted(r, keeper)
  /\ log' = [log EXCEPT ![r] = Prefix(@, n)]
  /\ durable' = [durable EXCEPT ![r] = n]
  /\ hw' = [hw EXCEPT ![r] = Min({@, n})]
  /\ storage' = [storage EXCEPT ![r] = how]
  /\ spared' = IF Budget = "T3" THEN keeper ELSE spared
  /\ spent' = [spent EXCEPT !.losses = @ + 1]
  /\ UNCHANGED <<up, applied, pending, controller, led, published>>

-----------------------------------------------------------------------------
Step ==
  \/ \E r \in Replicas :
       \/ spent.records < MaxRecords /\ Write(r, spent.records + 1)
       \/ durable[r] < Len(log[r]) /\ Sync(r, Len(log[r]))
       \/ \E n \in hw[r] + 1 .. durable[r] : AdvanceHW(r, n) \/ LearnHW(r, n)
       \/ MayFetch(r) /\ \E n \in Len(log[r]) + 1 .. Len(Leading(r).log) : Fetch(r, n)
       \/ Truncate(r)
       \/ \E f \in Replicas \ {r}, b \in BrokerEpochs : Expand(r, f, b)
       \/ r \in up /\ \E isr \in SUBSET View(r).isr \ {View(r).isr} : Shrink(r, isr)
       \/ Drop(r) \/ Apply(r)
       \/ Retries /\ Restate(r)
       \/ r \in up /\ Unfence(r)
       \/ Register(r) \/ Confess(r)
       \/ spent.crashes < MaxCrashes /\ \E n \in durable[r]..Len(log[r]), high \in 0..hw[r] : Crash(r, n, high)
       \/ spent.losses < MaxLosses /\ \E how \in Losses, n \in 0..durable[r], keeper \in Replicas \cup {Nil} :
            LoseStorage(r, how, n, keeper)
  \/ \E gone \in SUBSET active : Fence(gone)
  \/ Elect
  \/ \E change \in asked : Commit(change)

Next == Step /\ Noted
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
\* What must hold, in the words of sim/invariant. The committed metadata:

NeverInISRAndELR == Part.isr \cap Part.elr = {}
NeverLeaderOutsideISR == Part.leader # Nil => Part.leader \in Part.isr
NeverLeaderEpochFell == [][Part'.leaderEpoch >= Part.leaderEpoch]_metalog
NeverLeaderWithoutEpoch == [][Part'.leader # Part.leader => Part'.leaderEpoch > Part.leaderEpoch]_metalog
NeverFencedJoinedISR == [][(Part'.isr \ Part.isr) \ Part.elr \subseteq active']_metalog

\* The replicas:

NeverTwoLeaders == \A r, s \in Replicas :
  Leads(r) /\ Leads(s) /\ View(r).leaderEpoch = View(s).leaderEpoch => r = s
NeverHighWatermarkOutsideLog == \A r \in Replicas : hw[r] <= Len(log[r])
\* Nor does that of a leader fall, nor is a log cut below it: here they are one.
NeverHighWatermarkFell == [][\A r \in up \cap up' : hw'[r] >= hw[r]]_hw

\* The durable disks: who is in ISR or ELR, and kept its storage, holds all that is
\* committed, and the same;

Holds(r) == durable[r] >= Len(published) /\ IsPrefix(published, log[r])
Members == {r \in Part.isr \cup Part.elr : storage[r] = "kept"}
NeverCommittedNotDurable == \A r \in Members : durable[r] >= Len(published)
Same(r, n) == \A i \in 1..Min({n, Len(log[r]), Len(published)}) : log[r][i] = published[i]
NeverLogsDiffer ==
  /\ \A r \in Members : Same(r, durable[r])
  /\ \A r \in Replicas : Same(r, hw[r]) /\ hw[r] <= Len(published)
\* and there is one (T1, T2, T3: within the budget).
NeverCommittedLost == published # <<>> => \E r \in Members : Holds(r)

-----------------------------------------------------------------------------
\* For the model checker: what cannot matter any more is not looked at. Nobody reads
\* metadata, nor the log of a leader, of before what the slowest replica has applied; a
\* leader's followers count only as long as it leads.
Slowest == IF up = {} THEN Len(metalog) ELSE Min({applied[r] : r \in up})
Seen ==
  <<disks, processes, active, brokerEpoch, asked, published, spared, spent,
    SubSeq(metalog, Slowest, Len(metalog)), Len(metalog),
    [e \in LeaderEpochs |-> IF e < metalog[Slowest].leaderEpoch THEN Nil ELSE led[e]],
    [e \in LeaderEpochs |-> IF led[e] = Nil \/ \E l \in up : Leads(l) /\ View(l).leaderEpoch = e
                            THEN [r \in Replicas |-> acks[r][e]] ELSE Nil]>>
=============================================================================
