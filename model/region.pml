/*
 * One region, from its first epoch to its last: its log, its manifest, its leases, the metasrv's
 * procedure, and its copies on NN nodes. The text is docs/protocols; README.md beside this file says
 * how to read it and what is left out.
 *
 * One process. Every option of the loop is one event, taken whole. Whatever happens between two
 * events of a node is a pause of that node, of any length.
 *
 *   log       lge, lgr: epoch and row of each record; row FNC is a fence. hi: the highest epoch that
 *             has fenced. eff: the rows that a replay of the whole log applies, which is the truth
 *   producer  infl[n]: given to node n's producer, in order. ackq[n]: landed, not yet heard of.
 *             zbe, zbr: records whose sender will not hear of them. They land later, in any order,
 *             or never
 *   manifest  the latest version: number nv, writer's epoch mE, flushed offset mF, epoch in force
 *             there mG, rows in files mR. q.[n]: node n's create; qs: 1 on its way, 2 created, 3
 *             refused, and not yet heard of. Slot NN: a create whose writer will not hear of it
 *   copy      mode; ep: the epoch that it leads or is to lead; mv: the version that it has loaded;
 *             pos: applied up to there; seen: the epoch in force there; app: its rows, fly: its rows
 *             in flight; held: row 0 waits for ep's fence; frz: edits are frozen
 *   lease     an epoch belongs to one incarnation of one node, its owner (plus one). Bit e of hv: its
 *             lease is valid by the holder's clock; of gf: a grant is on its way; of fin: final, or
 *             its incarnation is gone
 *   orders    ho[e]: hand over, to that epoch; bit e of hnd: prepare, of go: claim; cle, clp: close.
 *             Never removed, so they may come late and again
 *   metasrv   durable: st src se tgt te nextE pin pf cf (flushed offset as committed; as pinned).
 *             Lost with its leader: fzv (the version that the source calls its last, plus one), rep
 *             (the target leads)
 */
#ifndef NN
#define NN 2
#endif
#ifndef ROWS
#define ROWS 1
#endif
#ifndef ME
#define ME 3        /* epochs */
#endif
#ifndef LMAX
#define LMAX 4      /* records in the log */
#endif
#ifndef LROW
#define LROW LMAX   /* rows lie below */
#endif
#ifndef MV
#define MV 3        /* manifest versions */
#endif
#ifndef NMIG
#define NMIG 1      /* migrations */
#endif
#ifndef NCRASH
#define NCRASH 0    /* of nodes */
#endif
#ifndef NFAIL
#define NFAIL 0     /* failed appends, and copies that stop */
#endif
#ifndef NFLUSH
#define NFLUSH 0
#endif
#ifndef NMS
#define NMS 0       /* crashes of the metasrv's leader */
#endif
#ifdef HOLD
#define HOLDS(n) (1)
#else
#define HOLDS(n) HAS(hnd,ep[n])     /* for a handover; with -DHOLD for a claim too */
#endif
#define ZB 2
#define Q 3
#define FNC 7
#define BIT(b) (1<<(b))
#define HAS(set,b) ((set) & BIT(b))

#define GONE 0
#define FOLLOW 1
#define CLAIM 2     /* its create, the claim, is on its way */
#define PREP 3      /* follows, and is to lead under ep from that epoch's fence on */
#define LEAD 4
#define HANDING 5   /* its successor's fence is with the producer */

#define STABLE 0    /* Completed and RolledBack too, as long as the pin is there */
#define OPEN 1
#define CATCH 2
#define HAND 3
#define RECL 4

byte lge[LMAX], lgr[LMAX], ll = 0, hi = 1, eff = 0;
chan infl[NN] = [Q] of { byte };
chan ackq[NN] = [Q] of { byte, byte };
byte zbe[ZB], zbr[ZB];
byte nv = 0, mE = 1, mF = 0, mG = 1, mR = 0;
byte qs[NN+1], qn[NN+1], qE[NN+1], qF[NN+1], qG[NN+1], qR[NN+1];
byte mode[NN], ep[NN], mv[NN], pos[NN], seen[NN], app[NN], fly[NN];
bool held[NN], frz[NN];
byte owner[ME+1], ho[ME+1], fmv[ME+1];  /* fmv: the version that the epoch's fence names */
byte hv = 0, gf = 0, fin = 0, go = 0, hnd = 0;
byte st = STABLE, src = 0, se = 1, tgt = 0, te = 0, nextE = 1, cf = 0, pf = 0, fzv = 0;
bool pin = 0, rep = 0;
byte acked = 0, obs = 0, rbad = 0;
byte cmig = 0, ccr = 0, cfail = 0, cms = 0, cfl = 0;
byte i, j, x, y, ok;                    /* zero between events */
#ifdef CLOSE
byte cle[NN], clp[NN];
#endif
#ifdef IDLE
byte idle[NN];      /* the end of the log that n has read */
#endif
#ifdef V_NOQUORUM
byte zle = 0;       /* what a deposed metasrv leader would still grant */
#endif
#ifdef V_NOCOND
byte cnd = 0;       /* whose conditional lease is forgotten */
#endif
#ifdef V_SLOT
byte clm = 0;       /* the last claim: the versions below are freed */
#endif
#ifdef CALM
bool calm = 0; byte crecl = 0;
#define LIVE (!calm)
#define MEF (ME-1)  /* one epoch is for the end */
#else
#define LIVE (1)
#define MEF ME
#endif

#include "rules.h"

/* ------------------------------------------------------------ the log and the manifest */

/* whoever opens the region now finds what the whole log says */
inline recovers() {
  assert(mF <= ll); ok = mR; x = STARTEPOCH; i = mF;
  do :: i < ll -> if :: lgr[i] == FNC -> if :: lge[i] > x -> x = lge[i] :: else fi
                     :: lgr[i] != FNC && APPLIES(lge[i], x) -> ok = ok | BIT(lgr[i])
                     :: else fi; i++
     :: else -> break od;
  assert(ok == eff); ok = 0; x = 0; i = 0
}
inline land(e_, r_) {
  lge[ll] = e_; lgr[ll] = r_; ll++;
  if :: r_ == FNC -> if :: e_ > hi -> hi = e_ :: else fi
     :: r_ != FNC && APPLIES(e_, hi) -> assert(!HAS(eff,r_)); eff = eff | BIT(r_)  /* once */
     :: else fi;
  recovers()
}
/* y: the epoch of record r_ of producer n */
inline epochof(n, r_) {
  if :: r_ == FNC && mode[n] == HANDING -> y = SUCCESSOR(n) :: else -> y = ep[n] fi
}
inline lands(n) { infl[n]?j; epochof(n, j); ackq[n]!j,ll; land(y, j); j = 0; y = 0 }

inline create(n, f_, g_, r_) {
  qs[n] = 1; qE[n] = ep[n]; qF[n] = f_; qG[n] = g_; qR[n] = r_
}
inline created(s) {         /* the create of slot s reaches the store */
  if :: qn[s] == nv + 1 -> nv = qn[s]; mE = qE[s]; mF = qF[s]; mG = qG[s]; mR = qR[s]; qs[s] = 2;
        FREED(s); recovers()
     :: REOPENED(s) -> qs[s] = 2
     :: else -> qs[s] = 3 fi
}
inline forget(s) { qs[s] = 0; qn[s] = 0; qE[s] = 0; qF[s] = 0; qG[s] = 0; qR[s] = 0 }
inline leave(n) {           /* the create stays on its way, whoever wrote it */
  if :: qs[n] == 1 && qs[NN] == 0 -> qs[NN] = 1; qn[NN] = qn[n]; qE[NN] = qE[n];
        qF[NN] = qF[n]; qG[NN] = qG[n]; qR[NN] = qR[n]
     :: else fi; forget(n)
}
inline load(n) { mv[n] = nv; pos[n] = mF; seen[n] = STARTEPOCH; app[n] = mR }

/* ------------------------------------------------------------ copies */

inline final(e_) {          /* nobody will ever acknowledge under it */
  fin = fin | BIT(e_); hv = hv & ~BIT(e_); go = go & ~BIT(e_); hnd = hnd & ~BIT(e_);
  ORDERVOID(e_); fmv[e_] = 0; NOTOWNED(e_)
}
inline bury(n) {            /* nobody will hear of what is in flight */
  do :: nempty(infl[n]) -> infl[n]?x; epochof(n, x);
        j = 0; do :: j < ZB && zbe[j] != 0 -> j++ :: else -> break od;
        if :: j < ZB -> zbe[j] = y; zbr[j] = x :: else fi
     :: empty(infl[n]) -> break od;
  do :: nempty(ackq[n]) -> ackq[n]?x,y :: empty(ackq[n]) -> break od;
  fly[n] = 0; x = 0; y = 0; j = 0
}
inline blank(n) {
  mode[n] = GONE; ep[n] = 0; mv[n] = 0; pos[n] = 0; seen[n] = 0; app[n] = 0; held[n] = 0; frz[n] = 0
}
inline stop(n) {            /* of no use any more, and says so */
  bury(n); if :: ep[n] != 0 -> final(ep[n]) :: else fi; blank(n)
}
inline fences(n, e_) { fmv[e_] = mv[n]; infl[n]!FNC }
inline claims(n) {          /* the next version, under ep, with the content of the latest */
  if :: mE > ep[n] -> stop(n) :: else -> qn[n] = nv + 1; create(n, mF, mG, mR) fi
}
inline acks(r_) { assert(HAS(eff,r_)); acked = acked | BIT(r_) }
inline above(n) {           /* below the record at y there is no fence of a later epoch */
  i = 0; do :: i < y -> assert(lgr[i] != FNC || lge[i] <= ep[n]); i++ :: else -> break od; i = 0
}
inline hears(n) {           /* of what has landed: in order, each decided at this moment */
  ackq[n]?x,y;
  if :: x == FNC && mode[n] == HANDING -> stop(n)
     :: x == FNC && mode[n] != HANDING -> HEARSFENCE(n)
     :: else -> fly[n] = fly[n] & ~BIT(x); READSBACK(n);
        if :: MAYACK(n) -> app[n] = app[n] | BIT(x); pos[n] = y + 1; acks(x); above(n)
           :: else -> pos[n] = y + 1; UNACKED(n) fi
  fi; x = 0; y = 0; ok = 0
}
#define LEADS(n) (mode[n] == PREP && x == ep[n] && HAS(hv,x) && LOADED(n, x))
inline tails(n) {           /* reads one record */
  x = lge[pos[n]]; y = lgr[pos[n]]; pos[n] = pos[n] + 1;
  if :: y != FNC && APPLIES(x, seen[n]) -> app[n] = app[n] | BIT(y)
     :: y == FNC && x > seen[n] -> seen[n] = x;
        if :: LEADS(n) -> mode[n] = LEAD; fmv[x] = 0
           :: !LEADS(n) && mode[n] == PREP && x >= ep[n] -> stop(n)
           :: else fi
     :: else fi; x = 0; y = 0
}
inline knows(n) {           /* what has become of its create; the metasrv hears how far it flushed */
  if :: qs[n] == 2 && mode[n] == LEAD && ep[n] == qE[n] -> mv[n] = qn[n];
        if :: qF[n] > cf -> cf = qF[n] :: else fi; forget(n)
     :: qs[n] == 2 && mode[n] == CLAIM && ep[n] == qE[n] -> CLAIMED(n); forget(n)
     :: qs[n] == 3 && mode[n] == LEAD && ep[n] == qE[n] -> REFUSED(n)
     :: qs[n] == 3 && mode[n] == CLAIM && ep[n] == qE[n] -> forget(n); claims(n)
     :: else -> forget(n) fi
}
inline dies(n) {
  bury(n); leave(n); blank(n); i = 1;
  do :: i <= ME -> if :: owner[i] == n+1 -> hv = hv & ~BIT(i); DEAD(i) :: else fi; i++
     :: else -> break od; i = 0
}

#define CLAIMABLE(n, e) (HAS(go,e) && CLAIMLEASE(e) && owner[e] == n+1 && ep[n] < (e))
#define PREPABLE(n, e) (HAS(hnd,e) && HAS(hv,e) && owner[e] == n+1)
#if ME > 4
#define HIGHEST(c, n) (c(n,5) -> 5 : (c(n,4) -> 4 : (c(n,3) -> 3 : (c(n,2) -> 2 : 0))))
#elif ME > 3
#define HIGHEST(c, n) (c(n,4) -> 4 : (c(n,3) -> 3 : (c(n,2) -> 2 : 0)))
#else
#define HIGHEST(c, n) (c(n,3) -> 3 : (c(n,2) -> 2 : 0))
#endif

#define WRITE(n, r) \
 :: d_step { LIVE && mode[n] == LEAD && !KNOWNROW(n, r) && nfull(infl[n]) && ll < LROW -> \
    printf("node %d appends row %d\n", n, r); infl[n]!r; fly[n] = fly[n] | BIT(r) } \
 :: d_step { LIVE && mode[n] == LEAD && HAS(app[n],r) && !HAS(acked,r) && MAYREPEAT(n) -> \
    printf("node %d is sent row %d again and acknowledges it\n", n, r); acks(r) }
#define KNOWNROW(n, r) (HAS(app[n],r) || HAS(fly[n],r))
#if ROWS > 1
#define WRITES(n) WRITE(n, 0) WRITE(n, 1)
#else
#define WRITES(n) WRITE(n, 0)
#endif

#define LOG(n) \
 :: d_step { nempty(infl[n]) && nfull(ackq[n]) && ll < LMAX -> \
    printf("node %d's next record lands at %d\n", n, ll); lands(n) } \
 :: d_step { nempty(ackq[n]) -> \
    printf("node %d hears that a record has landed\n", n); hears(n) } \
 :: d_step { LIVE && cfail < NFAIL && (nempty(infl[n]) || nempty(ackq[n])) -> \
    printf("node %d's append has an unknown outcome\n", n); cfail++; UNCERTAIN(n) } \
 :: d_step { (mode[n] == FOLLOW || mode[n] == PREP) && pos[n] < ll -> \
    printf("node %d reads the record at %d\n", n, pos[n]); tails(n) } \
 :: d_step { LIVE && cfail < NFAIL && (mode[n] == FOLLOW || mode[n] == PREP) -> \
    printf("node %d's copy stops\n", n); cfail++; stop(n) } \
 :: d_step { LIVE && mode[n] == PREP && HOLDS(n) && !held[n] && !HAS(app[n],0) -> \
    printf("node %d holds row 0 for epoch %d\n", n, ep[n]); held[n] = 1 } \
 :: d_step { mode[n] == LEAD && held[n] && nfull(infl[n]) && (ll < LROW || KNOWN(n, 0)) -> \
    printf("node %d appends the held row 0, unless it knows it\n", n); held[n] = 0; \
    if :: KNOWN(n, 0) -> skip :: else -> infl[n]!0; fly[n] = fly[n] | BIT(0) fi }

#define FLUSH(n) \
 :: d_step { LIVE && mode[n] == LEAD && MAYEDIT(n) && qs[n] == 0 && cfl < NFLUSH \
      && mv[n] < MV && pos[n] > mF -> \
    printf("node %d flushes up to %d, creates version %d\n", n, pos[n], mv[n] + 1); \
    cfl++; qn[n] = mv[n] + 1; create(n, pos[n], ep[n], app[n]) } \
 :: d_step { qs[n] == 1 && nv < MV -> \
    printf("the store decides on node %d's version %d\n", n, qn[n]); created(n) } \
 :: d_step { qs[n] > 1 -> \
    printf("node %d learns what became of its version\n", n); knows(n) } \
 ABSENT(n)

#define ORDERS(n) \
 :: d_step { st == OPEN && tgt == n && !(mode[n] == LEAD && HAS(hv,ep[n])) -> \
    printf("node %d opens a follower\n", n); stop(n); load(n); mode[n] = FOLLOW; st = CATCH } \
 :: d_step { st == CATCH && tgt == n && mode[n] == FOLLOW && fzv != 0 && mv[n] < fzv - 1 -> \
    printf("node %d opens it anew at the version that the source names\n", n); load(n) } \
 :: d_step { st == CATCH && src == n && mode[n] == LEAD && ep[n] == se && !frz[n] -> \
    printf("node %d freezes its manifest\n", n); frz[n] = 1 } \
 :: d_step { EXPIRES && frz[n] && mode[n] == LEAD -> \
    printf("node %d has heard nothing, and thaws\n", n); frz[n] = 0 } \
 :: d_step { mode[n] == FOLLOW && HIGHEST(PREPABLE, n) != 0 -> \
    printf("node %d prepares to lead\n", n); ep[n] = HIGHEST(PREPABLE, n); mode[n] = PREP } \
 :: d_step { mode[n] == LEAD && SUCCESSOR(n) != 0 && FROZEN(n) && nfull(infl[n]) -> \
    printf("node %d redirects, and sends the fence of %d\n", n, SUCCESSOR(n)); \
    i = SUCCESSOR(n); assert(i > ep[n]); fences(n, i); i = 0; mode[n] = HANDING; FENCESENT(n) } \
 :: d_step { HIGHEST(CLAIMABLE, n) != 0 && nfull(infl[n]) -> \
    printf("node %d claims under epoch %d\n", n, HIGHEST(CLAIMABLE, n)); \
    i = HIGHEST(CLAIMABLE, n); OLDGOES(n); leave(n); ep[n] = i; i = 0; mode[n] = CLAIM; CLAIMS(n) } \
 :: d_step { LIVE && ccr < NCRASH && (mode[n] != GONE || tgt == n) -> \
    printf("node %d dies, and another incarnation begins\n", n); ccr++; dies(n) }

#ifdef CLOSE
#define CLOSES(n) \
 :: d_step { cle[n] != 0 && MAYCLOSE(n) -> \
    printf("node %d is told to close what is older than epoch %d\n", n, cle[n]); \
    assert(!(st < HAND && src == n && mode[n] == LEAD && ep[n] == se)); stop(n) } \
 :: d_step { st == RECL && cle[n] < te -> \
    printf("node %d is to close what is older than epoch %d\n", n, te); cle[n] = te; clp[n] = cmig }
#define TOCLOSE(n) if :: n != src -> cle[n] = se; clp[n] = cmig :: else fi
#else
#define CLOSES(n)
#define TOCLOSE(n) skip
#endif

/* an idle leader lets the log go: reads its end, then finds everything decided and flushed */
#define QUIET(n) (mode[n] == LEAD && len(infl[n]) == 0 && len(ackq[n]) == 0 && HAS(hv,ep[n]))
#define FLUSHED(n) (mode[n] == LEAD && mv[n] == nv && app[n] == mR && !frz[n] && qs[n] == 0 && nv < MV)
#ifdef V_IDLEORDER
#define IDLEFROM(n) QUIET(n)
#define IDLETO(n) ll
#define IDLENOW(n) FLUSHED(n)
#else
#define IDLEFROM(n) (mode[n] == LEAD)
#define IDLETO(n) idle[n]
#define IDLENOW(n) (FLUSHED(n) && QUIET(n))
#endif
#ifdef IDLE
#define IDLES(n) \
 :: d_step { LIVE && idle[n] == 0 && IDLEFROM(n) && ll > mF && cfl < NFLUSH -> \
    printf("node %d reads that the log ends at %d\n", n, ll); idle[n] = ll } \
 :: d_step { idle[n] != 0 -> \
    printf("node %d, if idle, creates a version flushed up to there\n", n); \
    if :: IDLENOW(n) && IDLETO(n) > mF -> \
          cfl++; qn[n] = mv[n] + 1; create(n, IDLETO(n), ep[n], app[n]) \
       :: else fi; idle[n] = 0 }
#else
#define IDLES(n)
#endif

/* a snapshot that lacks something, or has too much; and later the look at the lease */
#define WRONG(n) (((acked | obs) & ~app[n]) != 0 || (app[n] & ~eff) != 0)
#ifdef OBS
#define OBSERVES(n) \
 :: d_step { LIVE && READS(n) && HAS(hv,ep[n]) && (app[n] & ~obs) != 0 -> \
    printf("node %d is read from\n", n); obs = obs | app[n] }
#else
#define OBSERVES(n)
#endif
#ifdef READBACK
#define READ(n)
#else
#define READ(n) \
 :: d_step { LIVE && rbad == 0 && READS(n) && HAS(hv,ep[n]) && WRONG(n) -> \
    printf("node %d takes a wrong snapshot for a read\n", n); rbad = ep[n] } \
 OBSERVES(n)
#endif

#define NODE(n) WRITES(n) LOG(n) FLUSH(n) IDLES(n) ORDERS(n) CLOSES(n) READ(n)

/* ------------------------------------------------------------ leases and the metasrv */

#define LAPSES(e) \
 :: d_step { HAS(hv,e) && (LIVE || !PERM(e)) -> \
    printf("the lease of epoch %d lapses\n", e); hv = hv & ~BIT(e) }
#ifdef GF
#define LEASE(e) \
 :: d_step { PERM(e) && !HAS(gf|hv|fin,e) -> \
    printf("the metasrv grants epoch %d\n", e); gf = gf | BIT(e) } \
 :: d_step { HAS(gf,e) -> \
    printf("the grant of epoch %d arrives\n", e); gf = gf & ~BIT(e); \
    if :: !HAS(fin,e) -> hv = hv | BIT(e) :: else fi } \
 :: d_step { HAS(gf,e) && (LIVE || !PERM(e)) -> \
    printf("the grant of epoch %d is lost, or too old\n", e); gf = gf & ~BIT(e) } \
 LAPSES(e)
#else
#define LEASE(e) \
 :: d_step { PERM(e) && !HAS(hv|fin,e) -> \
    printf("epoch %d gets its lease\n", e); hv = hv | BIT(e) } \
 LAPSES(e)
#endif

inline allocate(n) { nextE++; te = nextE; owner[te] = n+1; tgt = n; rep = 0; fzv = 0 }

#define METASRV(n) \
 :: d_step { LIVE && st == STABLE && !pin && src != n && cmig < NMIG && nextE < MEF -> \
    printf("metasrv: Opening, to node %d\n", n); cmig++; tgt = n; st = OPEN; PINS } \
 :: d_step { LIVE && nextE < MEF && !(st == RECL && tgt == n && !HAS(fin,te)) \
      && !(st == STABLE && src == n && !HAS(fin,se)) -> \
    printf("metasrv: Reclaiming by node %d\n", n); RECLAIMS(n) }

inline tidies() {
  i = 0; do :: i < NN -> THAWED(i); TOCLOSE(i);
               if :: mode[i] == FOLLOW -> stop(i) :: else fi; i++
            :: else -> break od; i = 0; pin = 0; pf = 0
}
/* up to where the log may be pruned, and whose copy still reads it */
#define FLOOR (pin && pf < cf -> pf : cf)
#define NEEDS(n) (tgt == n && pos[n] < FLOOR && \
  ((st == CATCH || st == HAND) && (mode[n] == FOLLOW || mode[n] == PREP) \
  || st == RECL && mode[n] == PREP && ep[n] == te))

#define SERVED (st == STABLE && mode[src] == LEAD && ep[src] == se && HAS(hv,se))
inline good() {             /* ok: one leader that the metasrv knows, and nothing left to do */
  ok = (SERVED && hi == se && !pin && !frz[src]); i = 0;
  do :: i < NN -> if :: i != src && ep[i] != 0 && HAS(hv,ep[i]) -> ok = 0 :: else fi; i++
     :: else -> break od; i = 0
}

#include "seen.h"

active proctype region() {
  d_step { owner[1] = 1; hv = BIT(1); mode[0] = LEAD; ep[0] = 1; seen[0] = 1;
#ifdef HOT
    mode[1] = FOLLOW; seen[1] = 1
#endif
  }
  do
  NODE(0) METASRV(0)
  NODE(1) METASRV(1)
#if NN > 2
  NODE(2) METASRV(2)
#endif
  LEASE(1)
  LEASE(2)
  LEASE(3)
#if ME > 3
  LEASE(4)
#endif
#if ME > 4
  LEASE(5)
#endif
  :: d_step { LIVE && zbe[0] != 0 && ll < LROW ->
     printf("a record of epoch %d that nobody waits for lands at %d\n", zbe[0], ll);
     i = zbe[0]; j = zbr[0]; zbe[0] = zbe[1]; zbr[0] = zbr[1]; zbe[1] = 0; zbr[1] = 0;
     land(i, j); i = 0; j = 0 }
  :: d_step { LIVE && zbe[1] != 0 && ll < LROW ->
     printf("a record of epoch %d that nobody waits for lands at %d\n", zbe[1], ll);
     i = zbe[1]; j = zbr[1]; zbe[1] = 0; zbr[1] = 0; land(i, j); i = 0; j = 0 }
  :: d_step { LIVE && qs[NN] == 1 && nv < MV ->
     printf("the store decides on version %d that nobody waits for\n", qn[NN]);
     created(NN); forget(NN) }
  :: d_step { rbad != 0 ->
     printf("the wrong snapshot is served, if its lease still holds\n");
     assert(!HAS(hv,rbad)); rbad = 0 }

  :: d_step { st == CATCH && mode[src] == LEAD && ep[src] == se && FROZEN(src) &&
       fzv != mv[src] + 1 ->
     printf("metasrv: the source says that %d is its last version\n", mv[src]);
     fzv = mv[src] + 1 }
  :: d_step { st == CATCH && mode[tgt] == FOLLOW && CONFIRMED && nextE < MEF ->
     printf("metasrv: HandingOver, epoch %d for node %d\n", nextE + 1, tgt);
     i = tgt; allocate(i); i = 0; hnd = hnd | BIT(te); st = HAND }
  :: d_step { LIVE && (st == OPEN || st == CATCH) ->
     printf("metasrv: RolledBack, cancelled or timed out or the target is lost\n");
     st = STABLE; tgt = 0; fzv = 0 }
  :: d_step { st == HAND && mode[tgt] == PREP && ep[tgt] == te && ho[se] == 0 && !HAS(fin,se) ->
     printf("metasrv: the target has its lease; tells the source to hand over\n"); ho[se] = te }
  :: d_step { st == RECL && !HAS(go|fin,te) && LAPSED ->
     printf("metasrv: every lower lease has lapsed; tells node %d to claim\n", tgt);
     go = go | BIT(te) }
  :: d_step { st >= HAND && !rep && mode[tgt] == LEAD && ep[tgt] == te ->
     printf("metasrv: node %d says that it leads\n", tgt); rep = 1 }
  :: d_step { rep ->
     printf("metasrv: finished, node %d leads under %d\n", tgt, te);
     src = tgt; se = te; st = STABLE; te = 0; tgt = 0; rep = 0 }
  :: d_step { st == STABLE && pin ->
     printf("metasrv: thaws, has copies closed, unpins\n"); tidies() }
  :: d_step { LIVE && cms < NMS ->
     printf("the metasrv has another leader\n"); cms++; fzv = 0; rep = 0; DEPOSED }
#ifdef V_LATEPIN
  :: d_step { st >= CATCH && !pin -> printf("metasrv: pins\n"); pin = 1; pf = cf }
#endif
#ifdef V_NOQUORUM
  :: d_step { LIVE && zle != 0 && !HAS(hv|fin,zle) ->
     printf("a deposed metasrv leader grants epoch %d\n", zle); hv = hv | BIT(zle); zle = 0 }
#endif
  :: d_step { FLOOR > mF || NEEDS(0) || NEEDS(1) ->
     printf("the log may be pruned up to %d, and somebody reads below\n", FLOOR); assert(0) }
#ifdef SEEN
  :: d_step { SEEN -> assert(0) }
#endif
#ifdef CALM
  :: d_step { !calm -> printf("from here on nothing fails and nobody writes\n");
     calm = 1; rbad = 0 }
  :: timeout -> d_step { good();
       if :: !ok && (st == OPEN || st == CATCH) ->
             printf("metasrv: RolledBack, timed out\n"); st = STABLE; tgt = 0; fzv = 0
          :: !ok && st != OPEN && st != CATCH ->
             printf("metasrv: a deadline passes\n"); assert(!SERVED); DEADLINE;
             assert(crecl < 1); crecl++; i = 0; allocate(i); i = 0; st = RECL
          :: else fi };
     if :: ok -> ok = 0; goto done :: else fi
#endif
  od;
done: skip
}

#ifdef ENDS
never {
wait: if :: calm -> goto accept :: true -> goto wait fi;
accept: if :: calm -> goto accept fi
}
#endif
