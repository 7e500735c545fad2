/* handover.pml - the leadership protocol of one region (docs/protocols/region-migration.md, leases.md, wal.md).
 *
 * One WAL partition (totally ordered log), NN datanodes, one Raft-backed metasrv with leader changes.
 * ONE process, every option of the big do-loop is one atomic event; interleaving of events = pauses of any
 * length at any point between events.
 *   log         lge/lgr[0..ll) epoch,row ; row FNC = fence. hi = highest fence landed. eff = rows that replay applies
 *   producer    infl[n] ordered in flight, ackq[n] broker acks not yet seen, zombie slots zbe/zbr: records whose
 *               sender timed out / died; they land later, in any order, or never (superset of the measured Kafka gaps)
 *   lease       per epoch (an epoch belongs to one node): hv = valid on the holder, gf = live grant in flight,
 *               fin = released/final/dead incarnation.  Drift bound: the metasrv may treat e as lapsed only when hv=gf=0
 *               or fin.  Everything about real time is in that single guard, LAP.
 *   messages    HandOver ho[e], Go(reclaim) go[e], LeadReport rep[e] are never removed: lost, late, duplicated, reordered.
 * Checks: apply-once, acked => in eff, one acker per epoch, valid read contains acked|observed and only eff,
 *         CALM: after faults stop every run ends with exactly one live leader that the metasrv knows.
 * Variants (-D...) switch single rules off, or to what the text literally says:
 *   V_NOPOST no post-append lease check        V_NOGOWAIT reclaim does not wait for leases
 *   V_ACKBELOW ack rows below own fence without lease   V_ACKBELOWLOG same but after reading the log up to the fence
 *   V_READTEXT source reads while fence outstanding (text invariant 4)    V_PUSH conditional lease counted from receipt
 *   V_NOWAIT new metasrv leader does not wait   V_ZOMBIE deposed metasrv leader still grants without quorum round
 *   V_SAMEE second reclaim reuses the reserved epoch   V_NOAPPLY failed lease check: row neither applied nor uncertain
 *   V_NORECHECK held writes not re-deduplicated after reclaim  V_REUSE restarted node may lead its old epoch
 *   V_KEEPMEM ex-leader keeps its memtable instead of replaying   V_LATEHO HandOver not matched with source epoch
 *   V_NOUNC failed append does not make the leader uncertain   V_EARLYREL source releases e when fence is SENT, then acks
 *   V_NOCOND reclaim ignores the conditional lease
 */
#ifndef NN
#define NN 2
#endif
#ifndef ROWS
#define ROWS 2
#endif
#ifndef ME
#define ME 4
#endif
#ifndef LMAX
#define LMAX 6
#endif
#ifndef LROW
#define LROW LMAX
#endif
#ifndef ZB
#define ZB 3
#endif
#ifndef NMIG
#define NMIG 2
#endif
#ifndef NCRASH
#define NCRASH 1
#endif
#ifndef NFAIL
#define NFAIL 2
#endif
#ifndef NMS
#define NMS 1
#endif
#define FNC 7
#define Q 3
#define FOLLOW 0
#define LEAD 1
#define HANDING 2
#define STABLE 0
#define HAND 1
#define RECL 2
#define BIT(r) (1<<(r))

byte lge[LMAX]; byte lgr[LMAX]; byte ll=0; byte hi=1; byte eff=0;
chan infl[NN] = [Q] of {byte,byte};
chan ackq[NN] = [Q] of {byte,byte};
byte zbe[ZB]; byte zbr[ZB];
byte mode[NN]; byte ep[NN]; byte pos[NN]; byte seen[NN]; byte app[NN]; byte fly[NN]; byte held[NN]; byte pend[NN];
byte owner[ME+1];
bool hv[ME+1]; bool gf[ME+1]; bool fin[ME+1]; bool go[ME+1]; bool rep[ME+1]; byte ho[ME+1]; byte nfen[ME+1];
byte ackby[ME+1];
byte st=STABLE, src=0, se=1, tgt=0, te=0, nextE=1;
byte acked=0, obs=0, rbad=0;
byte cmig=0, ccr=0, cfail=0, cms=0;
byte zle=0;            /* epoch a deposed metasrv leader would still renew */
bool calm=0; byte crecl=0;
/* temporaries */
byte i,j,x,y;
byte ok;

inline land(e_,r_) {
  lge[ll]=e_; lgr[ll]=r_; ll++;
  if :: r_==FNC -> if :: e_>hi -> hi=e_ :: else fi
     :: r_!=FNC && e_==hi -> assert((eff&BIT(r_))==0); /* apply once */ eff=eff|BIT(r_)
     :: else fi
}
inline doack(n,e_,r_) {           /* the client is told: written */
  assert(eff&BIT(r_));            /* acked row survives replay */
  acked=acked|BIT(r_); ackby[e_]=ackby[e_]|BIT(n);
  assert(ackby[e_]==BIT(n));      /* one acker per epoch */
}
inline bury(n) {                  /* producer n closed: in-flight records become zombies */
  do :: nempty(infl[n]) -> infl[n]?x,y;
        j=0; do :: j<ZB && zbe[j]!=0 -> j++ :: else -> break od;
        if :: j<ZB -> zbe[j]=x; zbr[j]=y :: else fi
     :: empty(infl[n]) -> break od;
  do :: nempty(ackq[n]) -> ackq[n]?x,y :: empty(ackq[n]) -> break od;
  fly[n]=0; pend[n]=0; x=0; y=0; j=0
}
inline rebuild(n) {               /* memtable := replay of log[0..pos) */
#ifndef V_KEEPMEM
  app[n]=0; x=1; i=0;
  do :: i<pos[n] -> if :: lgr[i]==FNC -> if :: lge[i]>x -> x=lge[i] :: else fi
                       :: lgr[i]!=FNC && lge[i]==x -> app[n]=app[n]|BIT(lgr[i])
                       :: else fi; i++
     :: else -> break od; i=0; x=0;
#endif
  mode[n]=FOLLOW; ep[n]=0
}
/* the drift-bound assumption lives here and only here: e lapsed for the metasrv => no valid lease, no live grant */
#ifdef V_NOCOND
#define LAP(E) (E>=te || fin[E] || E!=se || (!hv[E]&&!gf[E]))
#elif defined(V_PUSH)
#define LAP(E) (E>=te || fin[E] || !hv[E])
#elif defined(V_NOWAIT)
#define LAP(E) (E>=te || fin[E] || cms>0 || (!hv[E]&&!gf[E]))
#elif defined(V_NOGOWAIT)
#define LAP(E) (1)
#else
#define LAP(E) (E>=te || fin[E] || (!hv[E]&&!gf[E]))
#endif
#if ME>=5
#define ALLLAPSED (LAP(1)&&LAP(2)&&LAP(3)&&LAP(4))
#elif ME>=4
#define ALLLAPSED (LAP(1)&&LAP(2)&&LAP(3))
#else
#define ALLLAPSED (LAP(1)&&LAP(2))
#endif
inline isgood() {
  ok = (st==STABLE && mode[src]==LEAD && ep[src]==se && hv[se] && seen[src]==se && hi==se); i=0;
  do :: i<NN -> if :: i!=src && mode[i]!=FOLLOW && hv[ep[i]] -> ok=0 :: else fi; i++ :: else -> break od; i=0
}
#define PERM(e) ((st==STABLE && e==se) || (st==HAND && (e==se || e==te)) || (st==RECL && e==te && go[te]))
#define LIVE (!calm)

#define NODE(n) \
 /* client write, new or retry with the same key */ \
 :: atomic{ LIVE && mode[n]==LEAD && nfull(infl[n]) && ll<LROW -> goto W##n } \
 /* land head of producer n */ \
 :: d_step{ nempty(infl[n]) && nfull(ackq[n]) && ll<LMAX -> infl[n]?x,y; land(x,y); STL(n) ackq[n]!x,y; x=0;y=0 } \
 /* broker ack reaches node n */ \
 :: d_step{ nempty(ackq[n]) -> goto_ack(n) } \
 /* unknown outcome */ \
 :: d_step{ LIVE && cfail<NFAIL && (nempty(infl[n])||nempty(ackq[n])) -> cfail++; uncertain(n) } \
 /* HandOver reaches source */ \
 :: d_step{ HOCOND(n) && nfull(infl[n]) -> infl[n]!HOTE(n),FNC; mode[n]=HANDING; EARLYREL(n) } \
 /* writes held while handing over */ \
 :: d_step{ LIVE && mode[n]==HANDING && held[n]==0 && !(fly[n]&1) && !(app[n]&1) -> held[n]=1 } \
 /* held write released by a leader under a new epoch */ \
 :: d_step{ mode[n]==LEAD && held[n] && nfull(infl[n]) && ll<LROW -> \
      if :: RECHECK(n) -> skip :: else -> infl[n]!ep[n],0; fly[n]=fly[n]|1 fi; held[n]=0 } \
 /* tail the log by one record */ \
 :: d_step{ mode[n]==FOLLOW && pos[n]<ll -> \
      if :: lgr[pos[n]]==FNC -> if :: lge[pos[n]]>seen[n] -> seen[n]=lge[pos[n]] :: else fi \
         :: lgr[pos[n]]!=FNC && lge[pos[n]]==seen[n] -> app[n]=app[n]|BIT(lgr[pos[n]]) \
         :: else fi; pos[n]=pos[n]+1 } \
 /* own fence read, lease usable: lead */ \
 :: d_step{ mode[n]==FOLLOW && seen[n]>1 && owner[seen[n]]==n+1 && hv[seen[n]] && !fin[seen[n]] -> \
      bury(n); mode[n]=LEAD; ep[n]=seen[n]; rep[seen[n]]=1 } \
 /* Go (reclaim) reaches candidate: fence by itself; may be repeated after an unknown outcome */ \
 :: d_step{ GOE(n)!=0 && nfen[GOE(n)]<2 && mode[n]!=HANDING && ep[n]<GOE(n) && ll<LMAX -> \
      i=GOE(n); if :: mode[n]==LEAD -> fin[ep[n]]=1; rebuild(n); i=GOE(n) :: else fi; bury(n); i=GOE(n); nfen[i]=nfen[i]+1; infl[n]!i,FNC; i=0 } \
 /* crash + restart */ \
 :: d_step{ LIVE && ccr<NCRASH -> ccr++; bury(n); mode[n]=FOLLOW; ep[n]=0; pos[n]=0; seen[n]=1; app[n]=0; held[n]=0; fly[n]=0; \
      i=1; do :: i<=ME -> if :: owner[i]==n+1 -> hv[i]=0; gf[i]=0; CRASHFIN :: else fi; i++ :: else -> break od; i=0 } \
 /* read: snapshot */ \
 :: d_step{ LIVE && rbad==0 && READABLE(n) && ((((acked|obs)&(~app[n]))!=0) || ((app[n]&(~eff))!=0)) -> rbad=ep[n] } \
 :: d_step{ LIVE && READABLE(n) && hv[ep[n]] && (app[n]&(~obs))!=0 -> obs=obs|app[n] }

#define goto_ack(n) ackq[n]?x,y; \
  if :: y==FNC && mode[n]==HANDING && x>ep[n] -> \
        PENDACK(n) fin[ep[n]]=1; bury(n); held[n]=0; rebuild(n) \
     :: y!=FNC && mode[n]!=FOLLOW && ep[n]==x -> fly[n]=fly[n]&(~BIT(y)); \
        if :: POSTOK(n) -> app[n]=app[n]|BIT(y); doack(n,x,y) \
           :: else -> LAPSEDROW(n) fi \
     :: else -> skip \
  fi; x=0; y=0
#define uncertain(n) bury(n); UNC(n)
#ifdef V_ACKBELOWLOG
byte stl[NN];     /* node n's own instance of row r landed stale */
#define STL(n) if :: y!=FNC && x==hi -> stl[n]=stl[n]&(~BIT(y)) :: y!=FNC && x!=hi -> stl[n]=stl[n]|BIT(y) :: else fi;
#else
#define STL(n)
#endif

#ifdef V_NOPOST
#define POSTOK(n) (1)
#elif defined(V_EARLYREL)
#define POSTOK(n) (hv[x] || mode[n]==HANDING)
#else
#define POSTOK(n) (hv[x])
#endif
#ifdef V_NOAPPLY
#define LAPSEDROW(n) skip
#elif defined(V_ACKBELOW)
#define LAPSEDROW(n) app[n]=app[n]|BIT(y); if :: mode[n]==HANDING -> pend[n]=pend[n]|BIT(y) :: else fi
#elif defined(V_ACKBELOWLOG)
#define LAPSEDROW(n) app[n]=app[n]|BIT(y); if :: mode[n]==HANDING -> pend[n]=pend[n]|BIT(y) :: else fi
#else
#define LAPSEDROW(n) app[n]=app[n]|BIT(y)
#endif
#if defined(V_ACKBELOW)
#define PENDACK(n) y=0; do :: y<ROWS -> if :: pend[n]&BIT(y) -> doack(n,ep[n],y) :: else fi; y++ :: else -> break od;
#elif defined(V_ACKBELOWLOG)
#ifdef V_BYKEY
#define LOGOK(n) (eff&BIT(y))          /* any instance of the key: wrong, see report */
#else
#define LOGOK(n) (!(stl[n]&BIT(y)))    /* its own instance, at its own offset */
#endif
/* own fence is acked at some offset; the source has read the log up to it and acks a row only if replay applies it */
#define PENDACK(n) y=0; do :: y<ROWS -> if :: (pend[n]&BIT(y)) && LOGOK(n) -> doack(n,ep[n],y) :: else fi; y++ :: else -> break od;
#else
#define PENDACK(n)
#endif
#ifdef V_NOUNC
#define UNC(n) if :: mode[n]==HANDING -> fin[ep[n]]=1; rebuild(n) :: else fi
#else
#define UNC(n) if :: mode[n]!=FOLLOW -> fin[ep[n]]=1; rebuild(n) :: else fi
#endif
#ifdef V_LATEHO
#define HOANY ((ho[1]!=0)->ho[1]:((ho[2]!=0)->ho[2]:ho[3]))
#define HOCOND(n) (mode[n]==LEAD && HOANY!=0)
#define HOTE(n) HOANY
#else
#define HOCOND(n) (mode[n]==LEAD && ho[ep[n]]!=0)
#define HOTE(n) ho[ep[n]]
#endif
#ifdef V_EARLYREL
#define EARLYREL(n) fin[ep[n]]=1
#else
#define EARLYREL(n) skip
#endif
#ifdef V_NORECHECK
#define RECHECK(n) (0)
#else
#define RECHECK(n) ((app[n]&1)||(fly[n]&1))
#endif
#ifdef V_REUSE
#define CRASHFIN skip
#else
#define CRASHFIN fin[i]=1
#endif
#ifdef V_READTEXT
#define READABLE(n) (mode[n]!=FOLLOW)
#else
#define READABLE(n) (mode[n]==LEAD)
#endif
#if ME>=5
#define GOE(n) ((go[5]&&owner[5]==n+1&&!fin[5])->5:GOE4(n))
#define GOE4(n) ((go[4]&&owner[4]==n+1&&!fin[4])->4:GOE3(n))
#else
#if ME>=4
#define GOE(n) ((go[4]&&owner[4]==n+1&&!fin[4])->4:GOE3(n))
#else
#define GOE(n) GOE3(n)
#endif
#endif
#define GOE3(n) ((go[3]&&owner[3]==n+1&&!fin[3])->3:((go[2]&&owner[2]==n+1&&!fin[2])->2:0))

#define RECEPOCH nextE++; te=nextE; owner[te]=tgt+1
#ifdef V_SAMEE
#undef RECEPOCH
#define RECEPOCH if :: st==RECL -> owner[te]=tgt+1 :: else -> nextE++; te=nextE; owner[te]=tgt+1 fi
#endif

#define RECLAIM(n) \
 :: d_step{ LIVE && nextE<MEF && !(st==RECL && tgt==n) -> tgt=n; RECEPOCH; st=RECL } \
 :: d_step{ LIVE && nextE<MEF && st==RECL && tgt==n && fin[te] -> RECEPOCH } \
 :: d_step{ LIVE && nextE<MEF && st==STABLE && src==n && fin[se] -> tgt=n; RECEPOCH; st=RECL }
#ifdef CALM
#define MEF (ME-2)
#else
#define MEF ME
#endif
#define MIGR(n) \
 :: d_step{ LIVE && st==STABLE && src!=n && cmig<NMIG && nextE<MEF -> cmig++; tgt=n; nextE++; te=nextE; owner[te]=n+1; st=HAND }

#define LEASE(E) \
 :: d_step{ PERM(E) && !gf[E] && !hv[E] && !fin[E] -> gf[E]=1 } \
 :: d_step{ gf[E] && !fin[E] && !hv[E] -> hv[E]=1; gf[E]=0 } \
 :: d_step{ (hv[E]||gf[E]) && (LIVE || !PERM(E) || fin[E]) -> hv[E]=0; gf[E]=0 }

active proctype sys() {
  d_step{ owner[1]=1; hv[1]=1; mode[0]=LEAD; ep[0]=1; seen[0]=1; seen[1]=1;
#if NN>2
  seen[2]=1;
#endif
  }
MAIN:
  do
  NODE(0)
  NODE(1)
#if NN>2
  NODE(2)
#endif
  /* zombie records land late or stay away forever */
  :: d_step{ LIVE && zbe[0]!=0 && ll<LROW -> land(zbe[0],zbr[0]); zbe[0]=0; zbr[0]=0 }
#if ZB>1
  :: d_step{ LIVE && zbe[1]!=0 && ll<LROW -> land(zbe[1],zbr[1]); zbe[1]=0; zbr[1]=0 }
#endif
#if ZB>2
  :: d_step{ LIVE && zbe[2]!=0 && ll<LROW -> land(zbe[2],zbr[2]); zbe[2]=0; zbr[2]=0 }
#endif
  /* read passes its check after the snapshot */
  :: d_step{ rbad!=0 -> if :: hv[rbad] -> assert(0) :: else -> rbad=0 fi }
  /* leases */
  LEASE(1)
  LEASE(2)
  LEASE(3)
#if ME>=4
  LEASE(4)
#endif
#if ME>=5
  LEASE(5)
#endif
  /* metasrv: durable steps are one Raft entry each */
  MIGR(0)
  MIGR(1)
#if NN>2
  MIGR(2)
#endif
  :: d_step{ st==HAND && ho[se]==0 -> ho[se]=te }
  :: d_step{ (st==HAND||st==RECL) && rep[te] -> st=STABLE; src=tgt; se=te; te=0; tgt=0 }
  RECLAIM(0)
  RECLAIM(1)
#if NN>2
  RECLAIM(2)
#endif
  :: d_step{ st==RECL && !go[te] && ALLLAPSED -> go[te]=1 }
#ifdef V_SAMEE
  :: d_step{ st==RECL && go[te] && nfen[te]==2 -> nfen[te]=1 }
#endif
  /* metasrv leader change: only the memory of granted leases is lost. With the full wait the guard LAP
     is what the new leader evaluates too, so the event itself is a no-op in the correct protocol. */
#if defined(V_NOWAIT)||defined(V_ZOMBIE)
  :: d_step{ LIVE && cms<NMS -> cms++; zle=((st==STABLE)->se:((st==HAND)->te:0)) }
#endif
#ifdef V_ZOMBIE
  :: d_step{ LIVE && zle!=0 && !hv[zle] && !fin[zle] -> hv[zle]=1; zle=0 }
#endif
#ifdef CALM
  :: d_step{ !calm -> calm=1; rbad=0 }
  :: timeout -> d_step{ isgood(); 
       if :: !ok -> assert(crecl<1); assert(nextE<ME); crecl++; if :: tgt=0 :: tgt=1 fi; nextE++; te=nextE; owner[te]=tgt+1; st=RECL
          :: else fi };
       if :: ok -> ok=0; goto DONE :: else fi
#endif
  od;
W0: atomic{ if
#define WR(n,r) :: (app[n]&BIT(r)) && hv[ep[n]] -> doack(n,ep[n],r) \
                :: !(app[n]&BIT(r)) && !(fly[n]&BIT(r)) && !(held[n]&BIT(r)) -> infl[n]!ep[n],r; fly[n]=fly[n]|BIT(r)
  WR(0,0)
#if ROWS>1
  WR(0,1)
#endif
#if ROWS>2
  WR(0,2)
#endif
  :: else -> skip
  fi; goto MAIN }
W1: atomic{ if
  WR(1,0)
#if ROWS>1
  WR(1,1)
#endif
#if ROWS>2
  WR(1,2)
#endif
  :: else -> skip
  fi; goto MAIN }
#if NN>2
W2: atomic{ if
  WR(2,0)
#if ROWS>1
  WR(2,1)
#endif
  :: else -> skip
  fi; goto MAIN }
#endif
DONE: skip
}
