----------------------------- MODULE IsrMessages ------------------------------
(***************************************************************************)
(* IsrReplication with its messages: what one replica or the controller     *)
(* knows of another it was told, and that may be old.                       *)
(*                                                                         *)
(*   follower                       leader                     controller  *)
(*    AskFor -request--> Answer: heard --AlterISR: alters--> Decide          *)
(*    TakeRecords <--response--/      ^     ^                  |           *)
(*    TakeEnd (the logs part)         |     +--- refusals <----+           *)
(*    TakeHW                          +--------- metalog <-----+           *)
(*                                                                         *)
(* A request or response that is never taken is lost; one of each is on     *)
(* its way between two replicas, the next takes its place. They outlive     *)
(* the process that sent them. An attempt to change the ISR may arrive      *)
(* late, after the next one, or after its sender is no more.                *)
(*                                                                         *)
(* The variables of IsrReplication are there, and are what they are there:  *)
(* acks, led, asked and published are history, and no step here looks at    *)
(* them. Refines says that each step is one of IsrReplication, or none.     *)
(*                                                                         *)
(* What is abstracted beyond that: a leader learns a broker's epoch by its  *)
(* fetches; who comes registers with an answer at once.                     *)
(***************************************************************************)
EXTENDS IsrReplication

CONSTANT MaxAttempts \* of a leader to change the ISR, in one partition epoch

VARIABLES
  request,   \* [Replicas -> [Replicas -> Nil or [epoch, broker, offset, last]]]: fetch of one, to another
  response,  \* [Replicas -> [Replicas -> Nil or [epoch, broker, offset, records, hw, end]]]: to one, from another
  heard,     \* [Replicas -> [Replicas -> Nil or [end, broker]]]: what a leader took from each follower's fetch
  alters,    \* {[from, broker, leaderEpoch, partitionEpoch, n, change]}: on their way to the controller
  refusals,  \* {[from, broker, partitionEpoch, n]}: on their way back; other answers say nothing
  asking     \* [Replicas -> [n, doubt]]: a leader's last attempt, and whether an earlier one may yet be carried out

messages == <<request, response, heard, alters, refusals, asking>>

Quiet == [n |-> 0, doubt |-> FALSE]
Deaf == [f \in Replicas |-> Nil]

MInit ==
  /\ Init
  /\ request = [r \in Replicas |-> Deaf]
  /\ response = [r \in Replicas |-> Deaf]
  /\ heard = [r \in Replicas |-> Deaf]
  /\ alters = {} /\ refusals = {}
  /\ asking = [r \in Replicas |-> Quiet]

-----------------------------------------------------------------------------
\* Fetches.

AskFor(f) ==
  LET l == View(f).leader IN
  /\ Asks(f)
  /\ request' = [request EXCEPT ![f][l] =
       [epoch |-> View(f).leaderEpoch, broker |-> brokerEpoch[f], offset |-> Len(log[f]),
        last |-> LastEpoch(log[f])]]
  /\ UNCHANGED <<vars, response, heard, alters, refusals, asking>>

\* The leader compares, takes the offset for an acknowledgement, and gives what it has.
Answer(l, f) ==
  LET q == request[f][l]
      e == View(l).leaderEpoch
      x == EndOffset(log[l], e, q.last)
      agrees == q.last = -1 \/ (x.epoch = q.last /\ x.end >= q.offset) \* Fits
      to == [epoch |-> e, broker |-> q.broker, offset |-> q.offset, hw |-> hw[l],
             records |-> IF agrees THEN SubSeq(log[l], q.offset + 1, Len(log[l])) ELSE <<>>,
             end |-> IF agrees THEN Nil ELSE x] IN
  /\ q # Nil
  /\ Leads(l)
  /\ q.epoch = e
  /\ heard[l][f] # Nil /\ "A33" \notin Bugs => q.broker >= heard[l][f].broker
  /\ q.last <= e /\ (agrees => q.offset <= Len(log[l]))
  /\ request' = [request EXCEPT ![f][l] = Nil]
  /\ response' = [response EXCEPT ![f][l] = to]
  /\ heard' = IF agrees THEN [heard EXCEPT ![l][f] = [end |-> q.offset, broker |-> q.broker]] ELSE heard
  /\ UNCHANGED <<vars, alters, refusals, asking>>

\* A follower takes the response to what it would ask now; what is committed it goes on to
\* learn by that until it asks again.
Fresh(f, l) ==
  LET x == response[f][l] IN
  /\ x # Nil
  /\ Follows(f)
  /\ x.broker = brokerEpoch[f] /\ x.offset = Len(log[f])
  /\ View(f).leader = l /\ x.epoch = View(f).leaderEpoch
Takes(f, l) == Fresh(f, l) /\ Asks(f)

TakeRecords(f, l) ==
  LET x == response[f][l] IN
  /\ Takes(f, l) /\ x.records # <<>>
  /\ Take(f, x.records)
  /\ response' = [response EXCEPT ![f][l].records = <<>>, ![f][l].offset = Len(log'[f])]
  /\ UNCHANGED <<request, heard, alters, refusals, asking>>

TakeHW(f, l) ==
  LET n == Min({response[f][l].hw, durable[f]}) IN
  /\ Fresh(f, l) /\ response[f][l].records = <<>> /\ response[f][l].end = Nil
  /\ n > hw[f]
  /\ Learn(f, n)
  /\ UNCHANGED messages

TakeEnd(f, l) ==
  LET x == response[f][l] IN
  /\ Takes(f, l) /\ x.end # Nil
  /\ Cut(f, Min({x.end.end, EndOffset(log[f], LastEpoch(log[f]), x.end.epoch).end}), <<>>)
  /\ response' = [response EXCEPT ![f][l] = Nil]
  /\ UNCHANGED <<request, heard, alters, refusals, asking>>

-----------------------------------------------------------------------------
\* The leader, by what it has heard.

RaiseHW(l) ==
  LET others == Counted(l) \ {l}
      n == Min({durable[l]} \cup {heard[l][f].end : f \in {g \in others : heard[l][g] # Nil}}) IN
  /\ Leads(l) /\ MayCommit(l)
  /\ \A f \in others : heard[l][f] # Nil
  /\ n > hw[l]
  /\ Raise(l, n)
  /\ UNCHANGED messages

Attempt(l, n, change) == [from |-> l, broker |-> brokerEpoch[l], leaderEpoch |-> View(l).leaderEpoch,
                          partitionEpoch |-> applied[l], n |-> n, change |-> change]
AlterISR(l, change) ==
  /\ Leads(l) /\ pending[l] = Nil
  /\ Propose(l, change)
  /\ alters' = alters \cup {Attempt(l, 1, change)}
  /\ asking' = [asking EXCEPT ![l] = [n |-> 1, doubt |-> FALSE]]
  /\ UNCHANGED <<request, response, heard, refusals>>

Join(l, f) ==
  /\ Leads(l) /\ f \notin View(l).isr /\ heard[l][f] # Nil
  /\ heard[l][f].end >= Max({hw[l], led[View(l).leaderEpoch].start})
  /\ AlterISR(l, Joining(l, f, heard[l][f].broker))

\* No answer, or of one who does not decide: it is asked again.
Retry(l) ==
  LET n == asking[l].n + 1 IN
  /\ Leads(l) /\ pending[l] # Nil /\ n <= MaxAttempts
  /\ IF "A30" \in Bugs
     THEN Forget(l) /\ UNCHANGED <<alters, asking>>
     ELSE /\ alters' = alters \cup {Attempt(l, n, pending[l])}
          /\ asking' = [asking EXCEPT ![l] = [n |-> n, doubt |-> TRUE]]
          /\ UNCHANGED vars
  /\ UNCHANGED <<request, response, heard, refusals>>

\* It is refused: forgotten, or if it may yet be carried out shut out.
Refused(l, no) ==
  LET n == asking[l].n + 1 IN
  /\ Leads(l) /\ pending[l] # Nil
  /\ no.from = l /\ no.broker = brokerEpoch[l] /\ no.partitionEpoch = applied[l] /\ no.n = asking[l].n
  /\ refusals' = refusals \ {no}
  /\ IF asking[l].doubt
     THEN /\ n <= MaxAttempts
          /\ Restate(l)
          /\ alters' = alters \cup {Attempt(l, n, Staying(View(l).isr))}
          /\ asking' = [asking EXCEPT ![l].n = n]
     ELSE /\ Forget(l)
          /\ asking' = [asking EXCEPT ![l] = Quiet]
          /\ UNCHANGED alters
  /\ UNCHANGED <<request, response, heard>>

\* The controller looks at an attempt.
Decide(a) ==
  LET current == /\ a.from = Part.leader /\ a.broker = brokerEpoch[a.from]
                 /\ a.leaderEpoch = Part.leaderEpoch /\ a.partitionEpoch = Len(metalog) IN
  /\ alters' = alters \ {a}
  /\ IF current /\ Admissible(a.change)
     THEN Grant(a.change) /\ UNCHANGED refusals
     ELSE /\ refusals' = refusals \cup {[from |-> a.from, broker |-> a.broker, partitionEpoch |-> a.partitionEpoch, n |-> a.n]}
          /\ UNCHANGED vars
  /\ UNCHANGED <<request, response, heard, asking>>

-----------------------------------------------------------------------------
\* What is as there, with what it makes a leader forget.

MApply(r) ==
  /\ Apply(r)
  /\ heard' = IF metalog[applied[r] + 1].leaderEpoch # View(r).leaderEpoch THEN [heard EXCEPT ![r] = Deaf] ELSE heard
  /\ asking' = [asking EXCEPT ![r] = Quiet]
  /\ UNCHANGED <<request, response, alters, refusals>>

MCrash(r, n, high) ==
  /\ Crash(r, n, high)
  /\ heard' = [heard EXCEPT ![r] = Deaf]
  /\ asking' = [asking EXCEPT ![r] = Quiet]
  /\ UNCHANGED <<request, response, alters, refusals>>

Alone ==
  \/ \E r \in Replicas :
       \/ spent.records < MaxRecords /\ Write(r, spent.records + 1)
       \/ durable[r] < Len(log[r]) /\ Sync(r, Len(log[r]))
       \/ r \in up /\ Unfence(r)
       \/ Register(r) \/ Confess(r)
       \/ spent.losses < MaxLosses /\ \E how \in Losses, n \in 0..durable[r], keeper \in Replicas \cup {Nil} :
            LoseStorage(r, how, n, keeper)
  \/ \E gone \in SUBSET active : Fence(gone)
  \/ Elect

MStep ==
  \/ Alone /\ UNCHANGED messages
  \/ \E r \in Replicas :
       \/ AskFor(r) \/ RaiseHW(r) \/ Retry(r) \/ MApply(r)
       \/ \E f \in Replicas \ {r} : Answer(r, f) \/ TakeRecords(r, f) \/ TakeHW(r, f) \/ TakeEnd(r, f) \/ Join(r, f)
       \/ r \in up /\ \E isr \in SUBSET View(r).isr \ {View(r).isr} : r \in isr /\ AlterISR(r, Staying(isr))
       \/ \E no \in refusals : Refused(r, no)
       \/ spent.crashes < MaxCrashes /\ \E n \in durable[r]..Len(log[r]), high \in 0..hw[r] : MCrash(r, n, high)
  \/ \E a \in alters : Decide(a)

MNext == MStep /\ Noted
MSpec == MInit /\ [][MNext]_<<vars, messages>>

-----------------------------------------------------------------------------
\* Every step is one of IsrReplication, or changes nothing there.
Abstract == INSTANCE IsrReplication
Refines == [][Abstract!Next]_vars

\* For the model checker: what nobody takes any more is not looked at.
MSeen ==
  <<Seen, heard, asking,
    [f \in Replicas |-> [l \in Replicas |->
      IF request[f][l] # Nil /\ l \in up /\ Leads(l) /\ request[f][l].epoch < View(l).leaderEpoch
      THEN Nil ELSE request[f][l]]],
    [f \in Replicas |-> [l \in Replicas |->
      IF response[f][l] # Nil /\ (response[f][l].broker # brokerEpoch[f] \/ f \notin up
                                  \/ response[f][l].epoch < View(f).leaderEpoch)
      THEN Nil ELSE response[f][l]]],
    {a \in alters : a.partitionEpoch = Len(metalog) \/ (a.from \in up /\ a.partitionEpoch = applied[a.from])},
    {no \in refusals : no.from \in up /\ no.partitionEpoch = applied[no.from] /\ no.n = asking[no.from].n}>>
=============================================================================
