/*
 * One region, from the first epoch to the last: its log, its manifest, its leases, the metasrv's
 * procedure, and the copies on NN nodes. The text is docs/protocols; README.md beside this file
 * says what is left out.
 *
 * One process. Every option of the loop is one event, taken whole; whatever else may happen between
 * two events of a node is a pause of that node, of any length.
 *
 *   log       lge/lgr[0..ll): epoch and row, FNC is a fence. hi: the highest epoch that has fenced,
 *             eff: the rows that a replay of the whole log applies: the truth
 *   producer  infl[n]: given to node n's producer, in order; ackq[n]: landed, not yet heard of.
 *             zbe/zbr: records whose sender knows nothing of them any more. They land later, in any
 *             order, or never
 *   manifest  only the latest version counts: number nv, writer's epoch mE, flushed offset mF, epoch
 *             in force there mG, rows in files mR. q*[n]: a create on its way, qs: 1 in flight,
 *             2 created, 3 refused, and not yet heard of. Slot NN: a create whose writer is gone
 *   lease     an epoch belongs to one incarnation of one node. Bit e of hv: its lease is valid on the
 *             holder's clock; of gf: a grant is on its way (-DGF); of fin: final, or its incarnation
 *             is gone. All that is assumed of clocks is in LAP: the metasrv takes a lease for lapsed
 *             only when it has lapsed
 *   messages  ho[e] hand over, bit e of go claim, of hnd prepare: never removed, so they may come
 *             late and again; who is not what they name ignores them
 *   metasrv   durable: st src se tgt te nextE owner pin pf cf. In memory: fzv rep, lost with its
 *             leader (cms)
 *
 * -DV_... takes one rule away, or does what is near at hand instead; variants.txt lists them.
 * -DCALM: at some moment faults and clients stop for good; from then on every run must end, with
 * one leader that the metasrv knows, the manifest thawed and the log unpinned.
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
#define NCRASH 0
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
#ifndef ZB
#define ZB 2
#endif
#define Q 3
#define FNC 7
#define BIT(b) (1<<(b))
#define HAS(set,b) ((set)&BIT(b))

/* what a copy is */
#define GONE 0
#define FOLLOW 1
#define CLAIM 2     /* has the order to claim, and its create is on its way */
#define PREP 3      /* follows, and is to lead under ep from that epoch's fence on */
#define LEAD 4
#define HANDING 5   /* has given its successor's fence to the producer */

/* what the procedure is; Completed and RolledBack are STABLE with the pin still there */
#define STABLE 0
#define OPEN 1
#define CATCH 2
#define HAND 3
#define RECL 4

byte lge[LMAX]; byte lgr[LMAX]; byte ll=0, hi=1, eff=0;
chan infl[NN] = [Q] of {byte};
chan ackq[NN] = [Q] of {byte,byte};
byte zbe[ZB]; byte zbr[ZB];
byte nv=0, mE=1, mF=0, mG=1, mR=0;
byte qs[NN+1]; byte qn[NN+1]; byte qE[NN+1]; byte qF[NN+1]; byte qG[NN+1]; byte qR[NN+1];
byte mode[NN]; byte ep[NN]; byte mv[NN]; byte pos[NN]; byte seen[NN]; byte app[NN]; byte fly[NN];
bool held[NN]; bool frz[NN];
byte owner[ME+1]; byte ho[ME+1]; byte fmv[ME+1];
byte hv=0, gf=0, fin=0, go=0, hnd=0;
byte st=STABLE, src=0, se=1, tgt=0, te=0, nextE=1, cf=0, pf=0, fzv=0;
bool pin=0, rep=0;
byte acked=0, obs=0, rbad=0;
byte cmig=0, ccr=0, cfail=0, cms=0, cfl=0;
#ifdef IDLE
byte idle[NN];      /* the end of the log that n read */
#endif
#ifdef V_NOQUORUM
byte zle=0;         /* what a deposed metasrv leader would still grant */
#endif
#ifdef V_NOCOND
byte cnd=0;         /* the epoch whose conditional lease is forgotten */
#endif
#ifdef V_SLOT
byte clm=0;         /* the last claim: versions below are freed */
#endif
#ifdef CALM
bool calm=0; byte crecl=0;
#define LIVE (!calm)
#define MEF (ME-1)
#else
#define LIVE (1)
#define MEF ME
#endif
byte i,j,x,y,ok;    /* zero between events */

/* ---------------------------------------------------------------- the rules, and their variants */

#ifdef V_NORULE
#define APPLIES(e,inforce) (1)
#else
#define APPLIES(e,inforce) ((e)==(inforce))
#endif
#ifdef V_START
#define STARTEPOCH mE
#else
#define STARTEPOCH mG
#endif
#ifdef READBACK
#define READSBACK(n) ok=1; i=0; do :: i<y -> if :: lgr[i]==FNC && lge[i]>ep[n] -> ok=0 :: else fi; i++ :: else -> break od; i=0
#else
#define READSBACK(n) skip
#endif
#ifdef READBACK
#define MAYACK(n) (ok)
#define MAYREPEAT(n) (1)
#else
#define MAYREPEAT(n) HAS(hv,ep[n])
#endif
#ifdef READBACK
#elif defined(V_NOPOST)
#define MAYACK(n) (1)
#elif defined(V_EARLYFINAL)
#define MAYACK(n) (HAS(hv,ep[n]) || mode[n]==HANDING)
#else
#define MAYACK(n) HAS(hv,ep[n])
#endif
#ifdef READBACK
#define LANDED_UNACKED(n) stop(n)  /* has read a later fence */
#elif defined(V_NOAPPLY)
#define LANDED_UNACKED(n) skip
#else
#define LANDED_UNACKED(n) app[n]=app[n]|BIT(x)
#endif
#ifdef V_NOHELDKEY
#define KNOWN(n,r) (0)
#else
#define KNOWN(n,r) (HAS(app[n],r)||HAS(fly[n],r))
#endif
#ifdef V_READHANDING
#define READS(n) (mode[n]==LEAD||mode[n]==HANDING)
#else
#define READS(n) (mode[n]==LEAD)
#endif
#ifdef V_NOFREEZE
#define MAYEDIT(n) (1)
#define FROZEN(n) (1)
#elif defined(V_FREEZEOPEN)
#define MAYEDIT(n) (!frz[n])
#define FROZEN(n) (frz[n])
#else
#define MAYEDIT(n) (!frz[n])
#define FROZEN(n) (frz[n] && qs[n]==0)
#endif
#ifdef V_EXPIRES
#define EXPIRES (1)
#else
#define EXPIRES LIVE
#endif
#ifdef V_NOVERSION
#define LOADED(n,e) (1)
#define CONFIRMED (fzv!=0)
#else
#define LOADED(n,e) (mv[n]==fmv[e])
#define CONFIRMED (fzv!=0 && mv[tgt]==fzv-1)
#endif
#if defined(V_NOPIN) || defined(V_LATEPIN)
#define PINNED skip
#else
#define PINNED pin=1; pf=cf
#endif
#ifdef V_REUSE
#define DEAD(e) skip
#else
#define DEAD(e) final(e)
#endif
#ifdef V_EARLYFINAL
#define FENCESENT(n) final(ep[n])
#else
#define FENCESENT(n) skip
#endif
#ifdef GF
#define LEASED(e) HAS(hv|gf,e)
#else
#define LEASED(e) HAS(hv,e)
#endif
#if defined(V_NOWAIT)
#define LAP(e) ((e)>=te || !LEASED(e))
#elif defined(V_NOCOND)
#define LAP(e) ((e)>=te || (e)==cnd || !LEASED(e))
#elif defined(V_NEWLEADER)
#define LAP(e) ((e)>=te || cms>0 || !LEASED(e))
#elif defined(V_PUSH)
#define LAP(e) ((e)>=te || !HAS(hv,e))
#else
#define LAP(e) ((e)>=te || !LEASED(e))
#endif
#if defined(V_NOWAIT) || defined(READBACK)
#define LAPSED (1)
#elif ME>4
#define LAPSED (LAP(1)&&LAP(2)&&LAP(3)&&LAP(4))
#elif ME>3
#define LAPSED (LAP(1)&&LAP(2)&&LAP(3))
#else
#define LAPSED (LAP(1)&&LAP(2))
#endif
#ifdef V_SLOT
#define FREED(s) if :: s<NN && mode[s]==CLAIM -> clm=nv :: else fi
#define REOPENED(s) (qn[s]<clm)
#else
#define FREED(s) skip
#define REOPENED(s) (0)
#endif
#ifdef V_FENCEFIRST
#define HEARDFENCE(n) claims(n)
#else
#define HEARDFENCE(n) skip
#endif
#ifdef V_NOSTOP
#define REFUSED(n) qs[n]=1; qn[n]=nv+1
#else
#define REFUSED(n) assert(mE>ep[n]); forget(n); stop(n)  /* a leader's number is nobody else's */
#endif
#ifdef V_NOTHAW
#define THAWED(n) skip
#else
#define THAWED(n) frz[n]=0
#endif
/* whom the durable state allows a lease */
#ifdef V_RENEW
#define PERM(e) ((st!=RECL && (e)==se) || (st==HAND && (e)==te) || (st==RECL && ((e)==te && HAS(go,te) || (e)==se)))
#else
#define PERM(e) ((st<HAND && (e)==se) || (st==HAND && (e)==te) || (st==RECL && (e)==te && HAS(go,te)))
#endif

/* ---------------------------------------------------------------- the log and the manifest */

/* whoever opens the region now finds what was acknowledged, and nothing else */
inline recovers() {
  assert(mF<=ll); ok=mR; x=STARTEPOCH; i=mF;
  do :: i<ll -> if :: lgr[i]==FNC -> if :: lge[i]>x -> x=lge[i] :: else fi
                   :: lgr[i]!=FNC && APPLIES(lge[i],x) -> ok=ok|BIT(lgr[i])
                   :: else fi; i++
     :: else -> break od;
  assert(ok==eff); ok=0; x=0; i=0
}
inline land(e_,r_) {
  lge[ll]=e_; lgr[ll]=r_; ll++;
  if :: r_==FNC -> if :: e_>hi -> hi=e_ :: else fi
     :: r_!=FNC && APPLIES(e_,hi) -> assert(!HAS(eff,r_)); eff=eff|BIT(r_)  /* no row twice */
     :: else fi;
  recovers()
}
inline lands(n) {           /* the first of producer n */
  infl[n]?j; if :: j!=FNC -> y=ep[n] :: mode[n]==HANDING -> y=ho[ep[n]] :: else -> y=ep[n] fi;
  ackq[n]!j,ll; land(y,j); j=0; y=0
}
inline created(s) {         /* the create in slot s reaches the store */
  if :: qn[s]==nv+1 -> nv=qn[s]; mE=qE[s]; mF=qF[s]; mG=qG[s]; mR=qR[s]; qs[s]=2; FREED(s); recovers()
     :: REOPENED(s) -> qs[s]=2
     :: else -> qs[s]=3 fi
}
inline forget(s) { qs[s]=0; qn[s]=0; qE[s]=0; qF[s]=0; qG[s]=0; qR[s]=0 }
inline leave(n) {           /* the writer goes, its create stays on its way */
  if :: qs[n]==1 && qs[NN]==0 -> qs[NN]=1; qn[NN]=qn[n]; qE[NN]=qE[n]; qF[NN]=qF[n]; qG[NN]=qG[n]; qR[NN]=qR[n]
     :: else fi; forget(n)
}
inline load(n) {            /* opens the latest version */
  mv[n]=nv; pos[n]=mF; seen[n]=STARTEPOCH; app[n]=mR
}

/* ---------------------------------------------------------------- copies */

#ifdef V_REUSE
#define NOTOWNED(e) skip
#else
#define NOTOWNED(e) owner[e]=0
#endif
inline final(e_) {
  fin=fin|BIT(e_); hv=hv&(~BIT(e_)); go=go&(~BIT(e_)); hnd=hnd&(~BIT(e_));
  ho[e_]=0; fmv[e_]=0; NOTOWNED(e_)
}
inline bury(n) {            /* what is in flight is nobody's any more */
  do :: nempty(infl[n]) -> infl[n]?x;
        if :: x!=FNC -> y=ep[n] :: mode[n]==HANDING -> y=ho[ep[n]] :: else -> y=ep[n] fi;
        j=0; do :: j<ZB && zbe[j]!=0 -> j++ :: else -> break od;
        if :: j<ZB -> zbe[j]=y; zbr[j]=x :: else fi
     :: empty(infl[n]) -> break od;
  do :: nempty(ackq[n]) -> ackq[n]?x,y :: empty(ackq[n]) -> break od;
  fly[n]=0; x=0; y=0; j=0
}
inline blank(n) { mode[n]=GONE; ep[n]=0; mv[n]=0; pos[n]=0; seen[n]=0; app[n]=0; held[n]=0; frz[n]=0 }
inline stop(n) {            /* of no use any more, and says so */
  bury(n); if :: ep[n]!=0 -> final(ep[n]) :: else fi; blank(n)
}
inline give(n,e_) {         /* to the producer: the fence of e_, naming n's manifest version */
  fmv[e_]=mv[n]; infl[n]!FNC
}
inline claims(n) {          /* the next version, under ep, with the content of the latest */
  if :: mE>ep[n] -> stop(n)
     :: else -> qs[n]=1; qn[n]=nv+1; qE[n]=ep[n]; qF[n]=mF; qG[n]=mG; qR[n]=mR fi
}
/* claims, then fences, then replays */
#if defined(V_NOCLAIM)
#define CLAIMS(n) load(n); mode[n]=PREP; give(n,ep[n])
#elif defined(V_FENCEFIRST)
#define CLAIMS(n) infl[n]!FNC
#else
#define CLAIMS(n) claims(n)
#endif
#ifdef V_FENCEFIRST
#define CLAIMED(n) load(n); mode[n]=PREP; fmv[ep[n]]=mv[n]
#else
#define CLAIMED(n) OPENCLAIMED(n); mode[n]=PREP; give(n,ep[n])
#endif
#ifdef V_KEEPMEM
#define OPENCLAIMED(n) mv[n]=qn[n]; if :: seen[n]==0 -> pos[n]=qF[n]; seen[n]=qG[n]; app[n]=qR[n] :: else fi
#define OLDGOES(n) bury(n); if :: ep[n]!=0 -> final(ep[n]) :: else fi; held[n]=0; frz[n]=0
#else
#define OPENCLAIMED(n) mv[n]=qn[n]; pos[n]=qF[n]; seen[n]=qG[n]; app[n]=qR[n]
#define OLDGOES(n) stop(n)
#endif

inline hears(n) {           /* of what landed: in order, each decided at this moment */
  ackq[n]?x,y;
  if :: x==FNC && mode[n]==HANDING -> stop(n)
     :: x==FNC && mode[n]!=HANDING -> HEARDFENCE(n)
     :: else -> fly[n]=fly[n]&(~BIT(x)); READSBACK(n);
        if :: MAYACK(n) -> app[n]=app[n]|BIT(x); pos[n]=y+1; acks(n,x); above(n)
           :: else -> pos[n]=y+1; LANDED_UNACKED(n) fi
  fi; x=0; y=0; ok=0
}
inline acks(n,r_) {         /* the client is told */
  assert(HAS(eff,r_)); acked=acked|BIT(r_)
}
inline above(n) {           /* the record at y lies above no fence of a later epoch */
  i=0; do :: i<y -> assert(!(lgr[i]==FNC && lge[i]>ep[n])); i++ :: else -> break od; i=0
}
inline reads(n) {           /* the tail passes on one record */
  x=lge[pos[n]]; y=lgr[pos[n]]; pos[n]=pos[n]+1;
  if :: y!=FNC -> if :: APPLIES(x,seen[n]) -> app[n]=app[n]|BIT(y) :: else fi
     :: y==FNC && x>seen[n] -> seen[n]=x;
        if :: mode[n]==PREP && x==ep[n] && HAS(hv,x) && LOADED(n,x) -> mode[n]=LEAD; fmv[x]=0
           :: mode[n]==PREP && x>=ep[n] && !(x==ep[n] && HAS(hv,x) && LOADED(n,x)) -> stop(n)
           :: else fi
     :: else fi; x=0; y=0
}
inline knows(n) {           /* what became of its create */
  if :: qs[n]==2 && mode[n]==LEAD && ep[n]==qE[n] -> mv[n]=qn[n];
        if :: qF[n]>cf -> cf=qF[n] :: else fi; forget(n)  /* which its heartbeat says */
     :: qs[n]==2 && mode[n]==CLAIM && ep[n]==qE[n] -> CLAIMED(n); forget(n)
     :: qs[n]==3 && mode[n]==LEAD && ep[n]==qE[n] -> REFUSED(n)
     :: qs[n]==3 && mode[n]==CLAIM && ep[n]==qE[n] -> forget(n); claims(n)
     :: else -> forget(n) fi
}

#define QUIET(n) (mode[n]==LEAD && len(infl[n])==0 && len(ackq[n])==0 && HAS(hv,ep[n]))
#define UNFLUSHED(n) (mv[n]!=nv || app[n]!=mR || frz[n] || qs[n]!=0 || mv[n]>=MV)
inline advance(n,to) {
  if :: (to)>mF -> cfl++; qs[n]=1; qn[n]=mv[n]+1; qE[n]=ep[n]; qF[n]=to; qG[n]=ep[n]; qR[n]=app[n]
     :: else fi
}
#define FREE(n) (nfull(infl[n]) && ll<LMAX)
#ifdef V_UNLEASED
#define HASLEASE(e) (1)
#else
#define HASLEASE(e) HAS(hv,e)
#endif
#define CLAIMABLE(n,e) (HAS(go,e) && HASLEASE(e) && owner[e]==n+1 && ep[n]<(e))
#if ME>4
#define ORDERED(n) (CLAIMABLE(n,5)->5:(CLAIMABLE(n,4)->4:(CLAIMABLE(n,3)->3:(CLAIMABLE(n,2)->2:0))))
#elif ME>3
#define ORDERED(n) (CLAIMABLE(n,4)->4:(CLAIMABLE(n,3)->3:(CLAIMABLE(n,2)->2:0)))
#else
#define ORDERED(n) (CLAIMABLE(n,3)->3:(CLAIMABLE(n,2)->2:0))
#endif
#define PREPABLE(n,e) (HAS(hnd,e) && owner[e]==n+1 && HAS(hv,e))
#if ME>3
#define PREPARED(n) (PREPABLE(n,4)->4:(PREPABLE(n,3)->3:(PREPABLE(n,2)->2:0)))
#else
#define PREPARED(n) (PREPABLE(n,3)->3:(PREPABLE(n,2)->2:0))
#endif

#define WRITE(n,r) \
 :: d_step{ LIVE && mode[n]==LEAD && !HAS(app[n],r) && !HAS(fly[n],r) && FREE(n) && ll<LROW -> \
      infl[n]!r; fly[n]=fly[n]|BIT(r) } \
 /* the same key again */ \
 :: d_step{ LIVE && mode[n]==LEAD && HAS(app[n],r) && !HAS(acked,r) && MAYREPEAT(n) -> acks(n,r) }

#define NODE(n) \
 WRITES(n) \
 :: d_step{ nempty(infl[n]) && nfull(ackq[n]) && ll<LMAX -> lands(n) } \
 :: d_step{ nempty(ackq[n]) -> hears(n) } \
 /* an append fails: nobody knows whether it lands */ \
 :: d_step{ LIVE && cfail<NFAIL && (nempty(infl[n])||nempty(ackq[n])) -> cfail++; UNKNOWN(n) } \
 :: d_step{ LIVE && cfail<NFAIL && (mode[n]==FOLLOW||mode[n]==PREP) -> cfail++; stop(n) } \
 /* a write is held for the epoch to come, and appended when it has */ \
 :: d_step{ LIVE && mode[n]==PREP && HAS(hnd,ep[n]) && !held[n] && !HAS(app[n],0) -> held[n]=1 } \
 :: d_step{ mode[n]==LEAD && held[n] && nfull(infl[n]) && (ll<LROW || KNOWN(n,0)) -> held[n]=0; \
      if :: KNOWN(n,0) -> skip :: else -> infl[n]!0; fly[n]=fly[n]|1 fi } \
 :: d_step{ (mode[n]==FOLLOW||mode[n]==PREP) && pos[n]<ll -> reads(n) } \
 /* flush */ \
 :: d_step{ LIVE && mode[n]==LEAD && MAYEDIT(n) && qs[n]==0 && cfl<NFLUSH && mv[n]<MV && pos[n]>mF -> \
      cfl++; qs[n]=1; qn[n]=mv[n]+1; qE[n]=ep[n]; qF[n]=pos[n]; qG[n]=ep[n]; qR[n]=app[n] } \
 :: d_step{ qs[n]==1 && nv<MV -> created(n) } \
 :: d_step{ qs[n]>1 -> knows(n) } \
 /* orders */ \
 :: d_step{ st==OPEN && tgt==n && !(mode[n]==LEAD && HAS(hv,ep[n])) -> stop(n); load(n); mode[n]=FOLLOW; st=CATCH } \
 :: d_step{ st==CATCH && tgt==n && mode[n]==FOLLOW && fzv!=0 && mv[n]<fzv-1 -> load(n) } \
 :: d_step{ st==CATCH && src==n && mode[n]==LEAD && ep[n]==se && !frz[n] -> frz[n]=1 } \
 :: d_step{ EXPIRES && frz[n] && mode[n]==LEAD -> frz[n]=0 } \
 :: d_step{ mode[n]==FOLLOW && PREPARED(n)!=0 -> ep[n]=PREPARED(n); mode[n]=PREP } \
 :: d_step{ mode[n]==LEAD && ho[ep[n]]!=0 && FROZEN(n) && nfull(infl[n]) -> \
      give(n,ho[ep[n]]); mode[n]=HANDING; FENCESENT(n) } \
 :: d_step{ ORDERED(n)!=0 && nfull(infl[n]) -> i=ORDERED(n); OLDGOES(n); leave(n); ep[n]=i; i=0; mode[n]=CLAIM; CLAIMS(n) } \
 /* the process dies and another begins */ \
 :: d_step{ LIVE && ccr<NCRASH && (mode[n]!=GONE||tgt==n) -> ccr++; bury(n); leave(n); blank(n); \
      i=1; do :: i<=ME -> if :: owner[i]==n+1 -> hv=hv&(~BIT(i)); DEAD(i) :: else fi; i++ :: else -> break od; i=0 } \
 READ(n) \
 ABSENT(n) \
 IDLES(n)

#if ROWS>1
#define WRITES(n) WRITE(n,0) WRITE(n,1)
#else
#define WRITES(n) WRITE(n,0)
#endif
#ifdef V_NOUNCERTAIN
#define UNKNOWN(n) if :: mode[n]==LEAD -> bury(n) :: else -> stop(n) fi
#else
#define UNKNOWN(n) stop(n)
#endif
/* an idle leader lets the log go: reads its end, and then finds everything decided and flushed */
#if defined(IDLE) && defined(V_IDLEORDER)
#define IDLES(n) \
 :: d_step{ LIVE && idle[n]==0 && QUIET(n) && cfl<NFLUSH -> idle[n]=1 } \
 :: d_step{ idle[n]!=0 -> if :: UNFLUSHED(n) || mode[n]!=LEAD -> skip :: else -> advance(n,ll) fi; idle[n]=0 }
#elif defined(IDLE)
#define IDLES(n) \
 :: d_step{ LIVE && idle[n]==0 && mode[n]==LEAD && ll>mF && cfl<NFLUSH -> idle[n]=ll } \
 :: d_step{ idle[n]!=0 -> if :: UNFLUSHED(n) || !QUIET(n) -> skip :: else -> advance(n,idle[n]) fi; idle[n]=0 }
#else
#define IDLES(n)
#endif
#ifdef V_ABSENT
#define ABSENT(n) :: d_step{ LIVE && mode[n]==LEAD && qs[n]==1 && qs[NN]==0 -> leave(n) }
#else
#define ABSENT(n)
#endif
#ifdef READBACK
#define READ(n)
#else
/* a snapshot, and later the look at the lease */
#define READ(n) \
 :: d_step{ LIVE && rbad==0 && READS(n) && HAS(hv,ep[n]) && ((((acked|obs)&(~app[n]))!=0) || ((app[n]&(~eff))!=0)) -> rbad=ep[n] } \
 OBSERVE(n)
#endif
#ifdef OBS
#define OBSERVE(n) :: d_step{ LIVE && READS(n) && HAS(hv,ep[n]) && (app[n]&(~obs))!=0 -> obs=obs|app[n] }
#else
#define OBSERVE(n)
#endif

/* ---------------------------------------------------------------- leases and the metasrv */

#ifdef GF
#define LEASE(e) \
 :: d_step{ PERM(e) && !HAS(gf|hv|fin,e) -> gf=gf|BIT(e) } \
 :: d_step{ HAS(gf,e) -> gf=gf&(~BIT(e)); if :: !HAS(fin,e) -> hv=hv|BIT(e) :: else fi } \
 :: d_step{ HAS(gf,e) && (LIVE || !PERM(e)) -> gf=gf&(~BIT(e)) } \
 :: d_step{ HAS(hv,e) && (LIVE || !PERM(e)) -> hv=hv&(~BIT(e)) }
#else
#define LEASE(e) \
 :: d_step{ PERM(e) && !HAS(hv|fin,e) -> hv=hv|BIT(e) } \
 :: d_step{ HAS(hv,e) && (LIVE || !PERM(e)) -> hv=hv&(~BIT(e)) }
#endif

inline allocate(n) { nextE++; te=nextE; owner[te]=n+1; tgt=n; rep=0; fzv=0 }
#ifdef V_SAMEEPOCH
#define REALLOCATE(n) if :: st==RECL -> owner[te]=n+1; tgt=n; rep=0 :: else -> allocate(n) fi
#else
#define REALLOCATE(n) allocate(n)
#endif
#ifdef V_NOCOND
#define RECLAIMS(n) if :: st==HAND -> cnd=te :: else fi; REALLOCATE(n); st=RECL
#else
#define RECLAIMS(n) REALLOCATE(n); st=RECL
#endif
#ifdef V_CANCELHAND
#define CANCELS (st==OPEN||st==CATCH||st==HAND)
#else
#define CANCELS (st==OPEN||st==CATCH)
#endif
#ifdef V_NOQUORUM
#define DEPOSED zle=(st<HAND->se:(st==HAND->te:0))
#else
#define DEPOSED skip
#endif
#ifdef V_NODEADLINE
#define NODEADLINE assert(st!=HAND)
#else
#define NODEADLINE skip
#endif
#define METASRV(n) \
 :: d_step{ LIVE && st==STABLE && !pin && src!=n && cmig<NMIG && nextE<MEF -> cmig++; tgt=n; st=OPEN; PINNED } \
 /* a leader, an end, a claimant is lost, or is thought to be; or a deadline passes */ \
 :: d_step{ LIVE && nextE<MEF && !(st==RECL && tgt==n && !HAS(fin,te)) && !(st==STABLE && src==n && !HAS(fin,se)) -> RECLAIMS(n) }

inline tidies() {
  i=0; do :: i<NN -> THAWED(i); if :: mode[i]==FOLLOW -> stop(i) :: else fi; i++ :: else -> break od; i=0;
  pin=0; pf=0
}
/* what may be pruned at this moment, and whether somebody needs it */
#define FLOOR (pin && pf<cf -> pf : cf)
#define NEEDS(n) (tgt==n && ((st==CATCH||st==HAND)&&(mode[n]==FOLLOW||mode[n]==PREP) || st==RECL&&mode[n]==PREP&&ep[n]==te))

inline good() {
  ok = (st==STABLE && mode[src]==LEAD && ep[src]==se && HAS(hv,se) && hi==se && !pin && !frz[src]); i=0;
  do :: i<NN -> if :: i!=src && ep[i]!=0 && HAS(hv,ep[i]) -> ok=0 :: else fi; i++ :: else -> break od; i=0
}

/* what a model that never gets anywhere would not reach: "seen" in the list of runs */
#define LAST(kind) (ll>0 && lge[ll-1]<hi && (lgr[ll-1]==FNC)==(kind))
#ifdef S_HANDED         /* a migration completes without a claim, and the target acknowledges */
#define SEEN (st==STABLE && se==2 && nv==0 && acked && !HAS(fin,2) && !pin)
#elif defined(S_BACK)   /* there and back */
#define SEEN (st==STABLE && se==3 && src==0 && nv==0 && acked)
#elif defined(S_CLAIMED)
#define SEEN (st==STABLE && se==2 && mE==2 && acked)
#elif defined(S_RECLAIMED) /* a handover fails, and the source leads again */
#define SEEN (st==STABLE && se==3 && src==0 && mE==3 && cmig==1 && acked)
#elif defined(S_CANCELLED) /* and nothing has changed */
#define SEEN (st==STABLE && cmig==1 && !pin && se==1 && mode[0]==LEAD && HAS(hv,1) && acked)
#elif defined(S_ASLEEP) /* a leader sleeps through its own succession */
#define SEEN (mode[0]==LEAD && mode[1]==LEAD)
#elif defined(S_STALEROW) /* a row lands above a later fence */
#define SEEN LAST(0)
#elif defined(S_STALEFENCE)
#define SEEN LAST(1)
#elif defined(S_HELD)   /* a held write is appended */
#define SEEN (held[1] && mode[1]==LEAD && !KNOWN(1,0) && HAS(hv,2))
#elif defined(S_HELDKNOWN) /* a held write turns out to be written */
#define SEEN (held[1] && mode[1]==LEAD && KNOWN(1,0) && HAS(hv,2))
#elif defined(S_REFUSED) /* a stale leader's flush is refused */
#define SEEN (qs[0]==3 && mode[0]==LEAD && nv>0)
#elif defined(S_PRUNED) /* the target flushes, and the log before is let go */
#define SEEN (FLOOR>0 && mE==2 && nv==1 && st==STABLE && !pin)
#endif

active proctype region() {
  d_step{ owner[1]=1; hv=BIT(1); mode[0]=LEAD; ep[0]=1; seen[0]=1 }
  do
  NODE(0)
  NODE(1)
#if NN>2
  NODE(2)
#endif
  :: d_step{ LIVE && zbe[0]!=0 && ll<LROW -> i=zbe[0]; j=zbr[0]; zbe[0]=zbe[1]; zbr[0]=zbr[1]; zbe[1]=0; zbr[1]=0;
       land(i,j); i=0; j=0 }
  :: d_step{ LIVE && zbe[1]!=0 && ll<LROW -> i=zbe[1]; j=zbr[1]; zbe[1]=0; zbr[1]=0; land(i,j); i=0; j=0 }
  :: d_step{ qs[NN]==1 && LIVE && nv<MV -> created(NN); forget(NN) }
  /* a read's look at the lease, after its snapshot */
  :: d_step{ rbad!=0 -> assert(!HAS(hv,rbad)); rbad=0 }
  LEASE(1)
  LEASE(2)
  LEASE(3)
#if ME>3
  LEASE(4)
#endif
#if ME>4
  LEASE(5)
#endif
  METASRV(0)
  METASRV(1)
#if NN>2
  METASRV(2)
#endif
  /* CatchingUp: frozen at that version, says the source; loaded, says the target; hand over */
  :: d_step{ st==CATCH && mode[src]==LEAD && ep[src]==se && FROZEN(src) && fzv!=mv[src]+1 -> fzv=mv[src]+1 }
  :: d_step{ st==CATCH && mode[tgt]==FOLLOW && CONFIRMED && nextE<MEF -> i=tgt; allocate(i); i=0; hnd=hnd|BIT(te); st=HAND }
  /* cancelled, timed out, target lost */
  :: d_step{ LIVE && CANCELS -> st=STABLE; tgt=0; te=0; fzv=0 }
  /* the target has its conditional lease, says its receipt: tell the source */
  :: d_step{ st==HAND && mode[tgt]==PREP && ep[tgt]==te && ho[se]==0 && !HAS(fin,se) -> ho[se]=te }
  :: d_step{ st==RECL && !HAS(go|fin,te) && LAPSED -> go=go|BIT(te) }
  :: d_step{ st>=HAND && !rep && mode[tgt]==LEAD && ep[tgt]==te -> rep=1 }
  :: d_step{ rep -> src=tgt; se=te; st=STABLE; te=0; tgt=0; rep=0 }
  :: d_step{ st==STABLE && pin -> tidies() }
  :: d_step{ LIVE && cms<NMS -> cms++; fzv=0; rep=0; DEPOSED }
#ifdef V_LATEPIN
  :: d_step{ st>=CATCH && !pin -> pin=1; pf=cf }
#endif
#ifdef V_NOQUORUM
  :: d_step{ LIVE && zle!=0 && !HAS(hv|fin,zle) -> hv=hv|BIT(zle); zle=0 }
#endif
  /* nothing that is needed may be pruned */
  :: d_step{ FLOOR>mF || (NEEDS(0) && pos[0]<FLOOR) || (NEEDS(1) && pos[1]<FLOOR) -> assert(0) }
#ifdef SEEN
  :: d_step{ SEEN -> assert(0) }
#endif
#ifdef CALM
  :: d_step{ !calm -> calm=1; rbad=0 }
  :: timeout -> d_step{ good(); i=0;
       if :: !ok && (st==OPEN || st==CATCH) -> st=STABLE; tgt=0; fzv=0
          :: !ok && !(st==OPEN || st==CATCH) -> NODEADLINE; assert(crecl<1); crecl++;
             assert(!(st==STABLE && mode[src]==LEAD && ep[src]==se && HAS(hv,se)));
             i=0; allocate(i); st=RECL
          :: else fi };
     if :: ok -> ok=0; goto done :: else fi
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
