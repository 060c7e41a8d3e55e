------------------------------ MODULE IsrTraces ------------------------------
(***************************************************************************)
(* Whether runs of the simulator are behaviours of IsrReplication.          *)
(*                                                                         *)
(*   IsrTraceData (generated): Traces, each                                *)
(*     first state, lines <<actions, what is different after them>>        *)
(*                                                                         *)
(*   line:   Do(action 1) ... Do(action n), each a Step of IsrReplication  *)
(*           and after the last one: variables = what was recorded         *)
(*                                                                         *)
(* A line that is no step has no successor: the trace is refused there.    *)
(* What is recorded is told in changes; recorded adds them up, so that     *)
(* every line is compared with the whole state that the run had then.      *)
(*                                                                         *)
(* A variant of a trace is made wrong at one line: that is left out, or    *)
(* says something else. It has the right lines before it in common.        *)
(***************************************************************************)
EXTENDS IsrReplication, IsrTraceData, TLC

VARIABLES
  trace,    \* its number in Traces
  variant,  \* its number in Variants; 0: none, the trace is as it was recorded
  line,     \* the one that is to come
  done,     \* how many of its actions are
  recorded  \* the state that was recorded after the line before

tracing == <<trace, variant, line, done, recorded>>

Who(n) == IF n = 0 THEN Nil ELSE n
Meta(e) == [leader |-> Who(e[1]), leaderEpoch |-> e[2], isr |-> e[3], elr |-> e[4], last |-> Who(e[5])]

-----------------------------------------------------------------------------
\* What was recorded.

Changed(s, c) ==
  LET r == c[2] IN
  CASE c[1] = "log" -> [s EXCEPT !.log[r] = Prefix(@, c[3]) \o c[4]]
    [] c[1] = "durable" -> [s EXCEPT !.durable[r] = c[3]]
    [] c[1] = "hw" -> [s EXCEPT !.hw[r] = c[3]]
    [] c[1] = "applied" -> [s EXCEPT !.applied[r] = c[3]]
    [] c[1] = "pending" -> [s EXCEPT !.pending[r] = c[3]]
    [] c[1] = "brokerEpoch" -> [s EXCEPT !.brokerEpoch[r] = c[3]]
    [] c[1] = "up" -> [s EXCEPT !.up = c[4]]
    [] c[1] = "active" -> [s EXCEPT !.active = c[4]]
    [] c[1] = "metalog" -> [s EXCEPT !.metalog = Append(@, Meta(c[4]))]
    [] c[1] = "view" -> [s EXCEPT !.view = <<r, Who(c[4][1]), c[4][2], c[4][3]>>]

RECURSIVE After(_, _)
After(s, changes) == IF changes = <<>> THEN s ELSE After(Changed(s, Head(changes)), Tail(changes))

\* The variables are as recorded. Of what a leader asks for only who joins is compared,
\* as words for it may differ (Restate); of metadata also what the replica that made
\* the step acts on.
As(s) ==
  /\ log' = s.log /\ durable' = s.durable /\ hw' = s.hw
  /\ applied' = s.applied /\ up' = s.up
  /\ \A r \in Replicas : s.pending[r] = IF pending'[r] = Nil THEN -1 ELSE IF pending'[r].joins = Nil THEN 0 ELSE pending'[r].joins
  /\ active' = s.active /\ brokerEpoch' = s.brokerEpoch
  /\ metalog' = s.metalog
  /\ s.view # <<>> =>
       LET v == metalog'[applied'[s.view[1]]] IN v.leader = s.view[2] /\ v.leaderEpoch = s.view[3] /\ v.isr = s.view[4]

-----------------------------------------------------------------------------
\* One action, of which the trace says whose it is and with what. Together they are
\* Step: only the search is left out.
Do(a) ==
  LET r == a[2]
      x == a[3]
      y == a[4] IN
  CASE a[1] = "Write" -> x = spent.records + 1 /\ Write(r, x)
    [] a[1] = "Sync" -> x \in durable[r] + 1 .. Len(log[r]) /\ Sync(r, x)
    [] a[1] = "AdvanceHW" -> x \in hw[r] + 1 .. durable[r] /\ AdvanceHW(r, x)
    [] a[1] = "LearnHW" -> x \in hw[r] + 1 .. durable[r] /\ LearnHW(r, x)
    [] a[1] = "Fetch" -> MayFetch(r) /\ x \in Len(log[r]) + 1 .. Len(Leading(r).log) /\ Fetch(r, x)
    [] a[1] = "Truncate" -> Truncate(r)
    [] a[1] = "Expand" -> x \in Replicas \ {r} /\ y \in BrokerEpochs /\ Expand(r, x, y)
    [] a[1] = "Shrink" -> r \in up /\ a[5] \in SUBSET View(r).isr \ {View(r).isr} /\ Shrink(r, a[5])
    [] a[1] = "Restate" -> Restate(r)
    [] a[1] = "Drop" -> Drop(r)
    [] a[1] = "Apply" -> Apply(r)
    [] a[1] = "Unfence" -> Unfence(r)
    [] a[1] = "Register" -> Register(r)
    [] a[1] = "Confess" -> Confess(r)
    [] a[1] = "Crash" -> x \in durable[r]..Len(log[r]) /\ y \in 0..hw[r] /\ Crash(r, x, y)
    [] a[1] = "LoseStorage" -> LoseStorage(r, IF y = 0 THEN "gone" ELSE "cut", x, Nil)
    [] a[1] = "Fence" -> a[5] \in SUBSET active /\ Fence(a[5])
    [] a[1] = "Elect" -> Elect
    [] a[1] = "Commit" -> \E change \in asked : Commit(change)

-----------------------------------------------------------------------------
\* The lines of a variant: <<trace, kind, line, what is there instead>>.
Dropped(v) == IF v = 0 THEN 0 ELSE IF Variants[v][2] = "drop" THEN Variants[v][3] ELSE 0
Replaced(v) == IF v = 0 THEN 0 ELSE IF Variants[v][2] = "drop" THEN 0 ELSE Variants[v][3]
LineOf(t, v, i) == IF Replaced(v) = i THEN Variants[v][4] ELSE Traces[t].lines[i]

TraceInit ==
  \E t \in DOMAIN Traces :
    LET first == Traces[t]
        m == Meta(first.meta)
        zero == [r \in Replicas |-> 0] IN
    /\ trace = t /\ variant = 0 /\ line = 1 /\ done = 0
    /\ log = [r \in Replicas |-> <<>>] /\ durable = zero /\ hw = zero /\ brokerEpoch = zero
    /\ storage = [r \in Replicas |-> "kept"]
    /\ up = first.up /\ active = first.active
    /\ applied = [r \in Replicas |-> IF r \in first.up THEN 1 ELSE 0]
    /\ pending = [r \in Replicas |-> Nil]
    /\ metalog = <<m>>
    /\ m.leaderEpoch = 0 /\ m.leader # Nil /\ m.leader \in m.isr /\ m.elr = {}
    /\ asked = {}
    /\ led = [e \in LeaderEpochs |-> IF e = 0 THEN [log |-> <<>>, hw |-> 0, start |-> 0] ELSE Nil]
    /\ acks = FirstAcks(m.leader)
    /\ published = <<>> /\ spared = Nil
    /\ spent = [records |-> 0, crashes |-> 0, losses |-> 0]
    /\ recorded = [log |-> log, durable |-> zero, hw |-> zero, brokerEpoch |-> zero, applied |-> applied,
                   pending |-> [r \in Replicas |-> -1], up |-> up, active |-> active, metalog |-> metalog, view |-> <<>>]

\* A part of a line, or its end.
Advance ==
  LET now == LineOf(trace, variant, line) IN
  /\ line <= Len(Traces[trace].lines)
  /\ line # Dropped(variant)
  /\ Do(now[1][done + 1]) /\ Noted
  /\ IF done + 1 < Len(now[1])
     THEN done' = done + 1 /\ UNCHANGED <<line, recorded>>
     ELSE /\ done' = 0 /\ line' = line + 1
          /\ recorded' = After([recorded EXCEPT !.view = <<>>], now[2])
          /\ As(recorded')
  /\ UNCHANGED <<trace, variant>>

\* Variants part from the trace before their line. One that lacks it compares the
\* next line with a state that has both.
Deviate ==
  /\ variant = 0 /\ done = 0
  /\ \E v \in Traces[trace].lines[line][3] :
       /\ variant' = v
       /\ IF Dropped(v) = line
          THEN line' = line + 1 /\ recorded' = After(recorded, Traces[trace].lines[line][2])
          ELSE UNCHANGED <<line, recorded>>
  /\ UNCHANGED <<vars, trace, done>>

TraceNext == Advance \/ (line <= Len(Traces[trace].lines) /\ Deviate)

-----------------------------------------------------------------------------
\* How far each got: a line of text for each state.
Ended == line > Len(Traces[trace].lines)
Progress == PrintT(<<IF Ended THEN "accepted" ELSE "at", trace, variant, line, done>>)

\* Do adds nothing to the specification, but what its Step leaves out to have fewer
\* states: a sync that covers a part, a broker that is let into service when its process
\* has just ended.
LeftOut == \E r \in Replicas : Unfence(r) \/ \E n \in durable[r] + 1 .. Len(log[r]) : Sync(r, n)
OnlySteps == [][Next \/ (LeftOut /\ Noted)]_vars
=============================================================================
