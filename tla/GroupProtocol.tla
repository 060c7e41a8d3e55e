--------------------------- MODULE GroupProtocol ---------------------------
(* The reconciliation of consumer groups (KIP-848) and their committed        *)
(* offsets, as node/group does it. The names are those of the code.           *)
(*                                                                            *)
(*   membership changes --> group epoch --assignor--> target epoch, targets   *)
(*                                                            |               *)
(*   each member: unrevoked --lets go--> unreleased --others let go-->        *)
(*                                                              reconciled    *)
(*                                                                            *)
(* Abstracted: one topic, which all members read; the assignor gives any      *)
(* balanced target; a position is read together with the partition. Left      *)
(* out: static members, changes of the subscription, classic members, loading *)
(* (it yields the same state). A timeout may come at any time, rightly or     *)
(* not. Heartbeats and their answers are lost at any time; those of one       *)
(* member arrive in the order sent, unless Delayed. A commit takes as long    *)
(* as it likes, and may arrive after its sender was fenced.                   *)

EXTENDS Integers, FiniteSets, TLC

CONSTANTS
    Members, Partitions,
    MaxChurn,       \* joins, wrong fences and changes of the topic, together
    MaxOffset,      \* 0: nobody commits
    Interval,       \* targets are made some time apart (group.consumer.assignment.interval.ms)
    Delayed,        \* premise dropped: a heartbeat whose sender gave up may arrive later
    Hasty,          \* premise dropped: a client about to take partitions says meanwhile that it has none
    GivenEarly,     \* wrong: what its owner has not let go of is free
    EpochAgain,     \* wrong: who is back between two targets has its old epoch (F11, Kafka 4.4)
    EpochUnchecked, \* wrong: any epoch commits (BUGZOO F1)
    SinceUnchecked  \* wrong: an epoch before commits whatever the member has now (against KIP-1251)

VARIABLES
    epoch,       \* consumerGroup.now.epoch
    targetEpoch, \* consumerGroup.target.epoch
    target,      \* consumerGroup.targets
    left,        \* consumerGroup.left: who was taken out since the targets were made
    has,         \* consumerGroup.members: memberHas, or Nobody
    committed,   \* Offsets: what each partition's readers would begin at
    known,       \* of each client: the member epoch that it was told; Out, or 0 while it joins
    owned,       \* what it consumes
    wanted,      \* what it was told to have
    position,    \* where it is
    beat,        \* the heartbeat under way, or its answer
    late,        \* one that its sender gave up
    commit,      \* the OffsetCommit under way
    churn

group == <<epoch, targetEpoch, target, left, has>>
client == <<known, owned, wanted, position>>
vars == <<epoch, targetEpoch, target, left, has, committed, known, owned, wanted, position, beat, late, commit, churn>>

Out == -1
Nobody == [epoch |-> -1, previous |-> -1, phase |-> "nobody", assigned |-> {}, revoking |-> {}, since |-> [p \in Partitions |-> 0]]
Newcomer == [Nobody EXCEPT !.epoch = 0, !.phase = "reconciled"]
NoMessage == [kind |-> "none"]
Ask(e, s, o) == [kind |-> "ask", epoch |-> e, says |-> s, owned |-> IF s THEN o ELSE {}]
Told(e, a) == [kind |-> "told", epoch |-> e, assigned |-> a]
Refused == [kind |-> "refused"]

In(m) == has[m].phase # "nobody"
Held(h) == h.assigned \cup h.revoking

Init ==
    /\ epoch = 1 /\ targetEpoch = 1
    /\ target = [m \in Members |-> {}]
    /\ left = {}
    /\ has = [m \in Members |-> Nobody]
    /\ committed = [p \in Partitions |-> 0]
    /\ known = [m \in Members |-> Out]
    /\ owned = [m \in Members |-> {}]
    /\ wanted = [m \in Members |-> {}]
    /\ position = [m \in Members |-> [p \in Partitions |-> 0]]
    /\ beat = [m \in Members |-> NoMessage]
    /\ late = [m \in Members |-> NoMessage]
    /\ commit = [m \in Members |-> NoMessage]
    /\ churn = 0

\* What an assignor may give to a roster: all of it, to each about the same.
Targets(roster) ==
    IF roster = {} THEN {[m \in Members |-> {}]}
    ELSE LET given == {g \in [Partitions -> roster] :
                 \A m, n \in roster : Cardinality({p \in Partitions : g[p] = m}) <= Cardinality({p \in Partitions : g[p] = n}) + 1}
         IN {[m \in Members |-> {p \in Partitions : g[p] = m}] : g \in given}

\* All are members, and each has what it should.
Settled ==
    /\ epoch = 2 /\ targetEpoch = 2
    /\ left = {}
    /\ \E t \in Targets(Members) :
        /\ target = t /\ owned = t /\ wanted = t
        /\ has = [m \in Members |-> [Newcomer EXCEPT !.epoch = 2, !.previous = 0, !.assigned = t[m],
                                       !.since = [p \in Partitions |-> IF p \in t[m] THEN 2 ELSE 0]]]
    /\ committed = [p \in Partitions |-> 0]
    /\ known = [m \in Members |-> 2]
    /\ position = [m \in Members |-> [p \in Partitions |-> 0]]
    /\ beat = [m \in Members |-> NoMessage]
    /\ late = [m \in Members |-> NoMessage]
    /\ commit = [m \in Members |-> NoMessage]
    /\ churn = 0

----------------------------------------------------------------------------
(* The coordinator. *)

\* reconciliation.free: no other member has it, or is still to let go of it.
Free(m, p) ==
    \A n \in Members \ {m} : p \notin (IF GivenEarly THEN has[n].assigned ELSE Held(has[n]))

\* change.goOn: which epochs a member that is there may come with.
MayGoOn(h, x) ==
    \/ x.epoch = 0
    \/ x.epoch = h.epoch
    \/ x.epoch < h.epoch /\ x.epoch = h.previous /\ x.says /\ x.owned \subseteq h.assigned

\* reconciliation.owns: not all of these are let go of, as far as the member says.
Owns(x, goes) == IF x.says THEN goes \cap x.owned # {} ELSE goes # {}

\* reconciliation.compute: the next step to a target.
Compute(m, h, e, t, x) ==
    LET stays == h.assigned \cap t
        goes == h.assigned \ t
        missing == t \ stays
        free == {p \in missing : Free(m, p)}
    IN IF Owns(x, goes)
       THEN [h EXCEPT !.previous = h.epoch, !.phase = "unrevoked", !.assigned = stays, !.revoking = goes]
       ELSE [epoch |-> e, previous |-> h.epoch,
             phase |-> IF free = missing THEN "reconciled" ELSE "unreleased",
             assigned |-> stays \cup free, revoking |-> {},
             since |-> [p \in Partitions |-> IF p \in stays THEN h.since[p] ELSE IF p \in free THEN e ELSE 0]]

\* reconciliation.next
Reconcile(m, h, e, t, x) ==
    IF \/ h.phase = "reconciled" /\ h.epoch = e
       \/ h.phase = "unrevoked" /\ Owns(x, h.revoking)
    THEN h
    ELSE Compute(m, h, e, t, x)

\* A commit under way is of an owner that is none any more, once its member lost
\* the partition.
Expire(m, h) ==
    commit' = IF commit[m].kind = "commit" /\ commit[m].partition \notin Held(h)
              THEN [commit EXCEPT ![m].live = FALSE] ELSE commit

\* change.lastTargets: the epoch of the targets that there are.
LastTargets(m) == IF m \in left /\ ~EpochAgain THEN epoch ELSE targetEpoch

\* Coordinator.consumerBeats: a heartbeat x of m, and its answer.
Beats(m, x, answer(_)) ==
    IF (IF In(m) THEN ~MayGoOn(has[m], x) ELSE x.epoch # 0)
    THEN answer(Refused) /\ UNCHANGED <<group, commit>>
    ELSE LET h == IF In(m) THEN has[m] ELSE Newcomer
             e == IF In(m) THEN epoch ELSE epoch + 1
             roster == {n \in Members : In(n)} \cup {m}
         IN /\ epoch' = e
            /\ \/ /\ targetEpoch < e         \* change.assign
                  /\ targetEpoch' = e
                  /\ target' \in Targets(roster)
               \/ /\ targetEpoch = e \/ Interval \* mayAssign
                  /\ targetEpoch' = LastTargets(m)
                  /\ UNCHANGED target
            /\ left' = IF targetEpoch' = targetEpoch THEN left ELSE {}
            /\ has' = [has EXCEPT ![m] = Reconcile(m, h, targetEpoch', target'[m], x)]
            /\ answer(Told(has'[m].epoch, has'[m].assigned))
            /\ Expire(m, has'[m])

Heartbeat(m) ==
    /\ beat[m].kind = "ask"
    /\ Beats(m, beat[m], LAMBDA a : beat' = [beat EXCEPT ![m] = a])
    /\ UNCHANGED <<committed, client, late, churn>>

LateHeartbeat(m) ==
    /\ late[m].kind = "ask"
    /\ late' = [late EXCEPT ![m] = NoMessage]
    /\ Beats(m, late[m], LAMBDA a : beat' = beat)
    /\ UNCHANGED <<committed, client, churn>>

\* consumerGroup.dismissAll: a session ended, a member did not let go in time, or
\* said goodbye.
Dismiss(m) ==
    /\ In(m)
    /\ epoch' = epoch + 1
    /\ has' = [has EXCEPT ![m] = Nobody]
    /\ target' = [target EXCEPT ![m] = {}]
    /\ LET alone == ~\E n \in Members \ {m} : In(n) IN
        /\ targetEpoch' = IF alone THEN epoch + 1 ELSE targetEpoch
        /\ left' = IF alone THEN {} ELSE left \cup {m}
    /\ Expire(m, Nobody)
    /\ UNCHANGED <<committed, client, beat, late>>

Fence(m) == known[m] = Out /\ Dismiss(m) /\ UNCHANGED churn
FenceWrongly(m) == known[m] # Out /\ churn < MaxChurn /\ Dismiss(m) /\ churn' = churn + 1

\* change.refresh: the topic is seen to have changed.
Refresh ==
    /\ churn < MaxChurn /\ churn' = churn + 1
    /\ \E m \in Members : In(m)
    /\ epoch' = epoch + 1
    /\ UNCHANGED <<targetEpoch, target, left, has, committed, client, beat, late, commit>>

\* consumerGroup.mayCommit
MayCommit(m, c) ==
    /\ In(m)
    /\ \/ EpochUnchecked
       \/ c.epoch = has[m].epoch
       \/ /\ c.epoch < has[m].epoch
          /\ c.partition \in Held(has[m])
          /\ SinceUnchecked \/ c.epoch >= has[m].since[c.partition]

Commit(m) ==
    /\ commit[m].kind = "commit"
    /\ commit' = [commit EXCEPT ![m] = NoMessage]
    /\ committed' = IF MayCommit(m, commit[m]) THEN [committed EXCEPT ![commit[m].partition] = commit[m].offset] ELSE committed
    /\ UNCHANGED <<group, client, beat, late, churn>>

----------------------------------------------------------------------------
(* The clients. *)

Start(m) ==
    /\ known[m] = Out /\ churn < MaxChurn /\ churn' = churn + 1
    /\ known' = [known EXCEPT ![m] = 0]
    /\ UNCHANGED <<group, committed, owned, wanted, position, beat, late, commit>>

End(m) ==
    /\ known[m] # Out
    /\ known' = [known EXCEPT ![m] = Out]
    /\ owned' = [owned EXCEPT ![m] = {}]
    /\ wanted' = [wanted EXCEPT ![m] = {}]
    /\ position' = [position EXCEPT ![m] = [p \in Partitions |-> 0]]
    /\ beat' = [beat EXCEPT ![m] = NoMessage]
    /\ UNCHANGED <<group, committed, late, commit, churn>>

\* One that is about to take partitions says nothing of what it has: it is taken
\* to have them.
Send(m) ==
    /\ known[m] # Out /\ beat[m].kind = "none"
    /\ beat' = [beat EXCEPT ![m] = Ask(known[m], Hasty \/ wanted[m] \subseteq owned[m], owned[m])]
    /\ UNCHANGED <<group, committed, client, late, commit, churn>>

\* A request or its answer is lost, and the client tries again.
Lose(m) ==
    /\ beat[m].kind # "none"
    /\ beat' = [beat EXCEPT ![m] = NoMessage]
    /\ late' = IF Delayed /\ beat[m].kind = "ask" THEN [late EXCEPT ![m] = beat[m]] ELSE late
    /\ UNCHANGED <<group, committed, client, commit, churn>>

Answered(m) ==
    /\ beat[m].kind = "told"
    /\ known' = [known EXCEPT ![m] = beat[m].epoch]
    /\ wanted' = [wanted EXCEPT ![m] = beat[m].assigned]
    /\ beat' = [beat EXCEPT ![m] = NoMessage]
    /\ UNCHANGED <<group, committed, owned, position, late, commit, churn>>

\* Fenced, or not known: it lets go of all, and joins again.
Abandon(m) ==
    /\ beat[m].kind = "refused"
    /\ known' = [known EXCEPT ![m] = 0]
    /\ owned' = [owned EXCEPT ![m] = {}]
    /\ wanted' = [wanted EXCEPT ![m] = {}]
    /\ position' = [position EXCEPT ![m] = [p \in Partitions |-> 0]]
    /\ beat' = [beat EXCEPT ![m] = NoMessage]
    /\ UNCHANGED <<group, committed, late, commit, churn>>

LetGo(m) ==
    /\ ~(owned[m] \subseteq wanted[m])
    /\ owned' = [owned EXCEPT ![m] = @ \cap wanted[m]]
    /\ position' = [position EXCEPT ![m] = [p \in Partitions |-> IF p \in wanted[m] THEN @[p] ELSE 0]]
    /\ UNCHANGED <<group, committed, known, wanted, beat, late, commit, churn>>

Take(m) ==
    /\ owned[m] \subseteq wanted[m] /\ owned[m] # wanted[m]
    /\ owned' = [owned EXCEPT ![m] = wanted[m]]
    /\ position' = [position EXCEPT ![m] = [p \in Partitions |-> IF p \in wanted[m] \ owned[m] THEN committed[p] ELSE @[p]]]
    /\ UNCHANGED <<group, committed, known, wanted, beat, late, commit, churn>>

\* It reads the next record, and commits that it did.
Consume(m) == \E p \in owned[m] :
    /\ commit[m].kind = "none" /\ position[m][p] < MaxOffset
    /\ position' = [position EXCEPT ![m][p] = @ + 1]
    /\ commit' = [commit EXCEPT ![m] = [kind |-> "commit", epoch |-> known[m], partition |-> p, offset |-> position'[m][p],
                                         live |-> p \in Held(has[m])]]
    /\ UNCHANGED <<group, committed, known, owned, wanted, beat, late, churn>>

----------------------------------------------------------------------------

Next ==
    \/ Refresh
    \/ \E m \in Members :
        \/ Heartbeat(m) \/ LateHeartbeat(m) \/ Fence(m) \/ FenceWrongly(m) \/ Commit(m)
        \/ Start(m) \/ End(m) \/ Send(m) \/ Lose(m) \/ Answered(m) \/ Abandon(m) \/ LetGo(m) \/ Take(m) \/ Consume(m)

\* The assignment interval ends: a heartbeat that may assign does.
Assigns(m) == Heartbeat(m) /\ (In(m)' => targetEpoch' = epoch')

Fairness == \A m \in Members :
    /\ SF_vars(Heartbeat(m)) /\ SF_vars(Assigns(m)) /\ SF_vars(Answered(m)) /\ SF_vars(Abandon(m))
    /\ WF_vars(Send(m)) /\ WF_vars(LetGo(m)) /\ WF_vars(Take(m)) /\ WF_vars(Fence(m)) /\ WF_vars(Commit(m))

Spec == Init /\ [][Next]_vars
FairSpec == Spec /\ Fairness

----------------------------------------------------------------------------
(* What is so. *)

\* Of every partition one member is the owner: it has it assigned, or is still to
\* let go of it.
OneOwner == \A m, n \in Members : m # n => Held(has[m]) \cap Held(has[n]) = {}

\* No two members of the group consume the same. One that is fenced may: nobody
\* can prevent that.
OneConsumer == \A m, n \in Members : m # n /\ In(m) /\ In(n) => owned[m] \cap owned[n] = {}

\* A member consumes nothing that the coordinator does not know of.
ConsumesWhatItHas == \A m \in Members : In(m) => owned[m] \subseteq Held(has[m])

EpochsInOrder ==
    /\ targetEpoch <= epoch
    /\ \A m \in Members : has[m].epoch <= targetEpoch /\ has[m].previous <= has[m].epoch

PhasesAreTrue == \A m \in Members :
    /\ (has[m].phase = "unrevoked") = (has[m].revoking # {})
    /\ has[m].phase = "reconciled" /\ has[m].epoch = targetEpoch => has[m].assigned = target[m]
    /\ has[m].assigned \cap has[m].revoking = {}

MemberEpochsNeverFall == [][\A m \in Members : In(m) /\ In(m)' => has'[m].epoch >= has[m].epoch]_vars

OffsetsNeverGoBack == [][\A p \in Partitions : committed'[p] >= committed[p]]_vars

\* What a member sent while it owned the partition does not take effect after it
\* was taken from it.
NoCommitOfTheFenced == [][\A m \in Members :
    commit[m].kind = "commit" /\ commit'[m].kind = "none" /\ ~commit[m].live => committed' = committed]_vars

Stable ==
    LET roster == {m \in Members : In(m)} IN
    /\ targetEpoch = epoch
    /\ \A m \in Members \ roster : owned[m] = {}
    /\ \A m \in roster : /\ has[m].phase = "reconciled" /\ has[m].epoch = targetEpoch
                         /\ owned[m] = target[m] /\ known[m] = targetEpoch
    /\ roster # {} => UNION {owned[m] : m \in roster} = Partitions

\* Members are alike, and so are partitions: for safety one of each kind is enough.
Symmetry == Permutations(Members) \cup Permutations(Partitions)

\* Once there is no more unrest, every group comes to rest.
Converges == <>[]Stable
============================================================================
