/* The rules, and what -DV_... makes of each: README.md says which rule it takes away. */

/* ---- the log */

/* a record counts only under the epoch in force */
#ifdef V_NORULE
#define APPLIES(e, inforce) (1)
#else
#define APPLIES(e, inforce) ((e) == (inforce))
#endif

/* replay starts with the epoch that the manifest records */
#ifdef V_START
#define STARTEPOCH mE
#else
#define STARTEPOCH mG
#endif

/* ---- acknowledging: after the append, by a lease that is held now; or by what was read back */
#ifdef READBACK
#define READSBACK(n) ok = 1; i = 0; \
  do :: i < y -> if :: lgr[i] == FNC && lge[i] > ep[n] -> ok = 0 :: else fi; i++ \
     :: else -> break od; i = 0
#define MAYACK(n) (ok)
#define MAYREPEAT(n) (1)
#define UNACKED(n) stop(n)      /* it has read a later fence */
#else
#define READSBACK(n) skip
#define MAYREPEAT(n) HAS(hv,ep[n])
#if defined(V_NOPOST)
#define MAYACK(n) (1)
#elif defined(V_EARLYFINAL)
#define MAYACK(n) (HAS(hv,ep[n]) || mode[n] == HANDING)
#else
#define MAYACK(n) HAS(hv,ep[n])
#endif
/* what landed is applied, acknowledged or not */
#ifdef V_NOAPPLY
#define UNACKED(n) skip
#else
#define UNACKED(n) app[n] = app[n] | BIT(x)
#endif
#endif

#ifdef V_NOHELDKEY
#define KNOWN(n, r) (0)
#else
#define KNOWN(n, r) (HAS(app[n],r) || HAS(fly[n],r))
#endif

#ifdef V_READHANDING
#define READS(n) (mode[n] == LEAD || mode[n] == HANDING)
#else
#define READS(n) (mode[n] == LEAD)
#endif

#ifdef V_NOUNCERTAIN
#define UNCERTAIN(n) if :: mode[n] == LEAD -> bury(n) :: else -> stop(n) fi
#else
#define UNCERTAIN(n) stop(n)
#endif

/* ---- the manifest */

#ifdef V_SLOT
#define FREED(s) if :: s < NN && mode[s] == CLAIM -> clm = nv :: else fi
#define REOPENED(s) (qn[s] < clm)
#else
#define FREED(s) skip
#define REOPENED(s) (0)
#endif

/* a leader's number is nobody else's, unless a later epoch has it */
#ifdef V_NOSTOP
#define REFUSED(n) qs[n] = 1; qn[n] = nv + 1
#else
#define REFUSED(n) assert(mE > ep[n]); forget(n); stop(n)
#endif

#ifdef V_ABSENT
#define ABSENT(n) :: d_step { LIVE && mode[n] == LEAD && qs[n] == 1 && qs[NN] == 0 -> \
    printf("node %d looks for its version, finds none, and takes it for failed\n", n); leave(n) }
#else
#define ABSENT(n)
#endif

/* claim, then fence, then replay */
#if defined(V_NOCLAIM)
#define CLAIMS(n) load(n); mode[n] = PREP; fences(n, ep[n])
#define HEARSFENCE(n) skip
#define CLAIMED(n) skip
#elif defined(V_FENCEFIRST)
#define CLAIMS(n) infl[n]!FNC
#define HEARSFENCE(n) claims(n)
#define CLAIMED(n) load(n); mode[n] = PREP; fmv[ep[n]] = mv[n]
#else
#define CLAIMS(n) claims(n)
#define HEARSFENCE(n) skip
#define CLAIMED(n) OPENCLAIMED(n); mode[n] = PREP; fences(n, ep[n])
#endif

/* ... and never from old memory */
#ifdef V_KEEPMEM
#define OLDGOES(n) bury(n); if :: ep[n] != 0 -> final(ep[n]) :: else fi; held[n] = 0; frz[n] = 0
#define OPENCLAIMED(n) mv[n] = qn[n]; \
  if :: seen[n] == 0 -> pos[n] = qF[n]; seen[n] = qG[n]; app[n] = qR[n] :: else fi
#elif defined(HOT)
/* a follower has never led: what it has replayed is good if it reaches the claim's flushed offset */
#define OLDGOES(n) if :: mode[n] == FOLLOW -> skip :: else -> stop(n) fi
#define OPENCLAIMED(n) mv[n] = qn[n]; \
  if :: seen[n] != 0 && HOTENOUGH(n) -> skip \
     :: else -> pos[n] = qF[n]; seen[n] = qG[n]; app[n] = qR[n] fi
#else
#define OLDGOES(n) stop(n)
#define OPENCLAIMED(n) mv[n] = qn[n]; pos[n] = qF[n]; seen[n] = qG[n]; app[n] = qR[n]
#endif
#ifdef V_HOTBEHIND
#define HOTENOUGH(n) (1)
#else
#define HOTENOUGH(n) (pos[n] >= qF[n])
#endif

/* ---- handing over */

#if defined(V_NOFREEZE)
#define MAYEDIT(n) (1)
#define FROZEN(n) (1)
#elif defined(V_FREEZEOPEN)
#define MAYEDIT(n) (!frz[n])
#define FROZEN(n) (frz[n])
#else
#define MAYEDIT(n) (!frz[n])
#define FROZEN(n) (frz[n] && qs[n] == 0)
#endif
#ifdef V_NOTHAW
#define THAWED(n) skip
#else
#define THAWED(n) frz[n] = 0
#endif
#ifdef V_EXPIRES
#define EXPIRES (1)
#else
#define EXPIRES LIVE
#endif

#ifdef V_NOVERSION
#define LOADED(n, e) (1)
#define CONFIRMED (fzv != 0)
#else
#define LOADED(n, e) (mv[n] == fmv[e])
#define CONFIRMED (fzv != 0 && mv[tgt] == fzv - 1)
#endif

/* an order to hand over names the epoch that it ends, and counts under no other */
#ifdef V_LATEORDER
#define SUCCESSOR(n) (ho[1] != 0 -> ho[1] : ho[2])
#define ORDERVOID(e) skip
#else
#define SUCCESSOR(n) ho[ep[n]]
#define ORDERVOID(e) ho[e] = 0
#endif

/* an order to close names the procedure, and the epoch that leads now */
#ifdef V_LATECLOSE
#define MAYCLOSE(n) (mode[n] != GONE)
#else
#define MAYCLOSE(n) ( mode[n] == FOLLOW && clp[n] == cmig && st != OPEN && st != CATCH \
  || (mode[n] == LEAD || mode[n] == PREP || mode[n] == CLAIM) && cle[n] > ep[n] \
  || mode[n] == HANDING && cle[n] > SUCCESSOR(n) )
#endif

#ifdef V_EARLYFINAL
#define FENCESENT(n) final(ep[n])
#else
#define FENCESENT(n) skip
#endif

#if defined(V_NOPIN) || defined(V_LATEPIN)
#define PINS skip
#else
#define PINS pin = 1; pf = cf
#endif

/* ---- epochs and leases */

/* an epoch belongs to one incarnation */
#ifdef V_REUSE
#define DEAD(e) skip
#define NOTOWNED(e) skip
#else
#define DEAD(e) final(e)
#define NOTOWNED(e) owner[e] = 0
#endif

/* whom the durable state allows a lease */
#ifdef V_RENEW
#define PERM(e) (st != RECL && (e) == se || st == HAND && (e) == te \
  || st == RECL && ((e) == te && HAS(go,te) || (e) == se))
#else
#define PERM(e) (st < HAND && (e) == se || st == HAND && (e) == te \
  || st == RECL && (e) == te && HAS(go,te))
#endif

/* the assumption about clocks: what the metasrv takes for lapsed has lapsed */
#ifdef GF
#define LEASED(e) HAS(hv|gf,e)
#else
#define LEASED(e) HAS(hv,e)
#endif
#if defined(V_NOCOND)
#define LAP(e) ((e) >= te || (e) == cnd || !LEASED(e))
#elif defined(V_NEWLEADER)
#define LAP(e) ((e) >= te || cms > 0 || !LEASED(e))
#elif defined(V_PUSH)
#define LAP(e) ((e) >= te || !HAS(hv,e))
#else
#define LAP(e) ((e) >= te || !LEASED(e))
#endif
#if defined(V_NOWAIT) || defined(READBACK)
#define LAPSED (1)
#elif ME > 4
#define LAPSED (LAP(1) && LAP(2) && LAP(3) && LAP(4))
#elif ME > 3
#define LAPSED (LAP(1) && LAP(2) && LAP(3))
#else
#define LAPSED (LAP(1) && LAP(2))
#endif

#ifdef V_UNLEASED
#define CLAIMLEASE(e) (1)
#else
#define CLAIMLEASE(e) HAS(hv,e)
#endif

/* each entry into Reclaiming has a fresh epoch */
#if defined(V_SAMEEPOCH)
#define RECLAIMS(n) \
  if :: st == RECL -> owner[te] = n+1; tgt = n; rep = 0 :: else -> allocate(n) fi; st = RECL
#elif defined(V_NOCOND)
#define RECLAIMS(n) if :: st == HAND -> cnd = te :: else fi; allocate(n); st = RECL
#else
#define RECLAIMS(n) allocate(n); st = RECL
#endif

#ifdef V_NOQUORUM
#define DEPOSED zle = (st < HAND -> se : (st == HAND -> te : 0))
#else
#define DEPOSED skip
#endif

#ifdef V_NODEADLINE
#define DEADLINE assert(st != HAND)
#else
#define DEADLINE skip
#endif
