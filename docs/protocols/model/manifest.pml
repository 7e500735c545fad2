/* manifest.pml - manifest versions against the WAL (docs/protocols section 5), one region, 2 nodes.
 * Appends land at once (handover.pml covers late appends); here the manifest PUTs are late, and leaders are asleep.
 *   version v: mE writer's epoch, mF flushed offset (replay starts there), mG fence epoch in force at mF, mR rows in files
 *   put slot per node: pn number, content; lands at any time if its number is free, else 412; the writer may not know.
 *   hv[e]: lease valid on its holder.  A reclaim starts only when hv of all lower epochs is 0 (never again granted).
 * Invariant, after every version created and every append: files(latest) + replay(log from mF, starting with mG) == eff
 * (eff = what a replay of the whole log applies); acked is a subset of eff; a leader with lease sees exactly eff.
 * Variants: V_GEPOCH  opener takes the edit's epoch as the epoch in force (text says nothing about a start in mid-log)
 *           V_CLAIMLATE fence, replay, then claim (text sec.5: 'before it serves')   V_NOCLAIM  no claim
 *           V_STEAL  a claimer that meets a higher epoch goes on to the next number
 *           V_LOWER  a candidate that reloads the manifest ignores that it now carries a higher epoch than its own
 *           V_NOFREEZE no freeze at handover, target does not compare versions
 */
#ifndef R
#define R 3
#endif
#ifndef L
#define L 6
#endif
#ifndef MV
#define MV 4
#endif
#ifndef ME
#define ME 4
#endif
#define FNC 7
#define BIT(r) (1<<(r))
byte lge[L]; byte lgr[L]; byte ll=0, hi=1, eff=0, acked=0, nrow=0;
byte mE[MV+1]; byte mF[MV+1]; byte mG[MV+1]; byte mR[MV+1]; byte nv=0;   /* version 0: empty, epoch 1 in force */
byte owner[ME+1]; bool hv[ME+1]; byte nextE=1;
byte mode[2];  /* 0 follower 1 leader 2 claiming 3 claimed 4 fenced, claim still to come */
byte ep[2]; byte mv[2]; byte view[2]; byte pos[2]; byte cur[2]; bool frozen[2]; bool stale[2];
byte pn[2]; byte pE[2]; byte pF[2]; byte pG[2]; byte pR[2]; byte pst[2]; /* pst 0 none 1 in flight 2 landed, not seen 3 refused, not seen */
byte hoTo=0;   /* handover: epoch of target, 0 none */
byte i,x,rr;

inline check() {            /* recovery from the latest version equals full replay */
  rr=mR[nv]; i=mF[nv];
#ifdef V_GEPOCH
  x=mE[nv]; if :: x==0 -> x=1 :: else fi;
#else
  x=mG[nv];
#endif
  do :: i<ll -> if :: lgr[i]==FNC -> if :: lge[i]>x -> x=lge[i] :: else fi
                   :: lgr[i]!=FNC && lge[i]==x -> rr=rr|BIT(lgr[i])
                   :: else fi; i++
     :: else -> break od;
  assert(rr==eff); i=0; x=0; rr=0
}
inline append(e_,r_) {
  lge[ll]=e_; lgr[ll]=r_; ll++;
  if :: r_==FNC -> if :: e_>hi -> hi=e_ :: else fi
     :: r_!=FNC && e_==hi -> eff=eff|BIT(r_)
     :: else fi;
  check()
}
inline load(n) {            /* open at latest version */
  mv[n]=nv; view[n]=mR[nv]; pos[n]=mF[nv];
#ifdef V_GEPOCH
  cur[n]=mE[nv]; if :: cur[n]==0 -> cur[n]=1 :: else fi
#else
  cur[n]=mG[nv]
#endif
}
inline tail(n) {            /* apply to the end of the log */
  do :: pos[n]<ll -> if :: lgr[pos[n]]==FNC -> if :: lge[pos[n]]>cur[n] -> cur[n]=lge[pos[n]] :: else fi
                        :: lgr[pos[n]]!=FNC && lge[pos[n]]==cur[n] -> view[n]=view[n]|BIT(lgr[pos[n]])
                        :: else fi; pos[n]=pos[n]+1
     :: else -> break od; i=0
}
#define OLDALIVE(e) ((e>1&&hv[1])||(e>2&&hv[2])||(e>3&&hv[3]))
#define OWNOLD(n) (1)
#ifdef V_NOFREEZE
#define FRZ(n) (1)
#define SAMEV(a,b) (1)
#else
#define FRZ(n) (pst[n]==0)
#define SAMEV(a,b) (mv[a]==mv[b])
#endif

#define NODE(n,o) \
 /* leader in its own mind writes; post-append lease check; then applies (order: row applied also when lapsed, see handover.pml) */ \
 :: d_step{ mode[n]==1 && nrow<R && ll<L-1 -> append(ep[n],nrow); view[n]=view[n]|BIT(nrow); \
      if :: pos[n]<ll -> pos[n]=ll :: else fi; \
      if :: hv[ep[n]] -> assert(eff&BIT(nrow)); acked=acked|BIT(nrow) :: else fi; nrow++ } \
 /* leader in its own mind flushes: builds the next version; the PUT is on its way */ \
 :: d_step{ mode[n]==1 && !frozen[n] && pst[n]==0 && nv<MV && mv[n]<MV && (view[n]&(~mR[mv[n]]))!=0 -> \
      pn[n]=mv[n]+1; pE[n]=ep[n]; pF[n]=pos[n]; pG[n]=cur[n]; pR[n]=view[n]; pst[n]=1 } \
 /* PUT reaches the store */ \
 :: d_step{ pst[n]==1 -> if :: pn[n]==nv+1 -> nv++; mE[nv]=pE[n]; mF[nv]=pF[n]; mG[nv]=pG[n]; mR[nv]=pR[n]; pst[n]=2; check() \
                            :: else -> pst[n]=3 fi } \
 /* writer learns (read back on 412 names the writer) */ \
 :: d_step{ pst[n]==2 -> pst[n]=0; if :: mode[n]==1||mode[n]==4 -> mv[n]=pn[n]; if :: mode[n]==4 -> mode[n]=1 :: else fi \
                                     :: mode[n]==2 && pE[n]==ep[n] -> mv[n]=pn[n]; mode[n]=3 :: else fi } \
 :: d_step{ pst[n]==3 -> pst[n]=0; REFUSED(n) } \
 /* source freezes and hands over: fence(e+1) appended, target has same version, tails, leads */ \
 :: d_step{ mode[n]==1 && hv[ep[n]] && hi==ep[n] && FRZ(n) && nextE<ME && mode[o]==0 && pst[o]==0 && ll<L -> frozen[n]=1 } \
 :: d_step{ frozen[n] && mode[n]==1 && mode[o]==0 && nextE<ME && SAMEV(n,o) && hv[ep[n]] && hi==ep[n] && ll<L -> \
      nextE++; owner[nextE]=o+1; hv[nextE]=1; hoTo=nextE; append(nextE,FNC); \
      mode[n]=STOPMODE; } \
 :: d_step{ mode[n]==0 && hoTo!=0 && owner[hoTo]==n+1 && hv[hoTo] -> tail(n); assert(cur[n]==hoTo || !hv[hoTo]); mode[n]=1; ep[n]=hoTo; hoTo=0; frozen[n]=0 } \
 /* follower refreshes: loads the latest version and tails */ \
 :: d_step{ mode[n]==0 && mv[n]!=nv -> load(n); tail(n) } \
 /* lease check of a serving leader: it sees exactly eff */ \
 :: d_step{ mode[n]==1 && hv[ep[n]] && view[n]!=eff -> assert(0) } \
 /* lease expires */ \
 :: d_step{ hv[ep[n]] && ep[n]>0 && owner[ep[n]]==n+1 -> hv[ep[n]]=0 } \
 /* reclaim: new epoch for n after all lower leases lapsed; n may itself be an ex-leader */ \
 :: d_step{ nextE<ME && ANYLAPSED && ll<L -> nextE++; owner[nextE]=n+1; hoTo=0; ep[n]=nextE; frozen[n]=0; hv[nextE]=1; load(n); CLAIMSTART(n) } \
 :: d_step{ mode[n]==2 && pst[n]==0 && nv<MV -> load(n); if :: mE[nv]>ep[n] -> mode[n]=0 :: else -> \
      pn[n]=mv[n]+1; pE[n]=ep[n]; pF[n]=mF[mv[n]]; pG[n]=mG[mv[n]]; pR[n]=mR[mv[n]]; pst[n]=1 fi } \
 :: d_step{ mode[n]==3 && ll<L && HIGHER(n) -> mode[n]=0 } \
 :: d_step{ mode[n]==3 && ll<L && !HIGHER(n) -> append(ep[n],FNC); load(n); tail(n); if :: cur[n]==ep[n] -> mode[n]=1 :: else -> mode[n]=0 fi } \
 :: d_step{ mode[n]==4 && pst[n]==0 && nv<MV -> pn[n]=mv[n]+1; pE[n]=ep[n]; pF[n]=mF[mv[n]]; pG[n]=mG[mv[n]]; pR[n]=mR[mv[n]]; pst[n]=1 }

/* a PUT of an older incarnation may still be in flight (pst 1): the claimer waits for its own outcome; other node's not */
#define ANYLAPSED (!(hv[1]&&nextE>=1) && !(hv[2]&&nextE>=2) && !(hv[3]&&nextE>=3) && !(hv[4]&&nextE>=4))
#ifdef V_LOWER
#define HIGHER(n) (0)
#else
#define HIGHER(n) (mE[nv]>ep[n])
#endif
#define STOPMODE 0
#ifdef V_NOCLAIM
#define CLAIMSTART(n) mode[n]=3
#elif defined(V_CLAIMLATE)
#define CLAIMSTART(n) append(ep[n],FNC); load(n); tail(n); if :: cur[n]==ep[n] -> mode[n]=4 :: else -> mode[n]=0 fi
#else
#define CLAIMSTART(n) mode[n]=2
#endif
#ifdef V_STEAL
#define REFUSED(n) if :: mode[n]==1 && nv<MV -> pn[n]=nv+1; pst[n]=1 :: mode[n]==4 -> load(n); tail(n) :: else -> skip fi
#else
#define REFUSED(n) if :: mode[n]==1 && mE[nv]>ep[n] -> mode[n]=0; frozen[n]=0; load(n); tail(n) \
                      :: mode[n]==1 && mE[nv]<=ep[n] -> mv[n]=nv \
                      :: mode[n]==4 -> load(n); tail(n) :: else -> skip fi
#endif
active proctype sys() {
  d_step{ owner[1]=1; hv[1]=1; mode[0]=1; ep[0]=1; cur[0]=1; cur[1]=1; mG[0]=1 }
  do
  NODE(0,1)
  NODE(1,0)
  od
}
