/* States that a model which never gets anywhere would not reach: the runs of kind "seen". */

#define LAST(fence) (ll > 0 && lge[ll-1] < hi && (lgr[ll-1] == FNC) == (fence))

#if defined(S_HANDED)           /* a migration completes without a claim, and all is tidy */
#define SEEN (st == STABLE && se == 2 && nv == 0 && acked && !HAS(fin,2) && !pin)
#elif defined(S_BACK)           /* there and back */
#define SEEN (st == STABLE && se == 3 && src == 0 && nv == 0 && acked)
#elif defined(S_CLAIMED)        /* a failover completes */
#define SEEN (st == STABLE && se == 2 && mE == 2 && acked)
#elif defined(S_RECLAIMED)      /* a handover fails, and the source leads again */
#define SEEN (st == STABLE && se == 3 && src == 0 && mE == 3 && cmig == 1 && acked)
#elif defined(S_CANCELLED)      /* a migration is cancelled, and nothing has changed */
#define SEEN (st == STABLE && cmig == 1 && !pin && se == 1 && mode[0] == LEAD && HAS(hv,1) && acked)
#elif defined(S_ASLEEP)         /* a leader sleeps through its own succession */
#define SEEN (mode[0] == LEAD && mode[1] == LEAD)
#elif defined(S_STALEROW)       /* a row lands above a later fence */
#define SEEN LAST(0)
#elif defined(S_STALEFENCE)     /* and so does a fence */
#define SEEN LAST(1)
#elif defined(S_HELD)           /* a held write is about to be appended */
#define SEEN (held[1] && mode[1] == LEAD && !KNOWN(1,0) && HAS(hv,2))
#elif defined(S_HELDKNOWN)      /* a held write turns out to be written */
#define SEEN (held[1] && mode[1] == LEAD && KNOWN(1,0) && HAS(hv,2))
#elif defined(S_REFUSED)        /* a stale leader's version is refused */
#define SEEN (qs[0] == 3 && mode[0] == LEAD && nv > 0)
#elif defined(S_PRUNED)         /* the new leader flushes, and the log before is let go */
#define SEEN (FLOOR > 0 && mE == 2 && nv == 1 && st == STABLE && !pin)
#elif defined(S_IDLE)           /* a leader advances past another's record */
#define SEEN (mF > 0 && mR == 0)
#elif defined(S_HOT)            /* a follower leads by a claim, and replays nothing */
#define SEEN (mode[1] == PREP && ep[1] == 2 && mE == 2 && mF == 0 && pos[1] == ll && ll > 0)
#elif defined(S_CLOSED)         /* a follower is closed by an order that came late */
#define SEEN (clp[1] == cmig && mode[1] == FOLLOW && MAYCLOSE(1))
#endif
