package terrane.wire.rpc;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.wire.Reply;
import terrane.wire.Transport;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The sending end of a stream: waits while it has no credit.
final class PartSink implements ReplySink {
    private final Transport.Channel channel;
    private final long id;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long credit;
    private boolean stopped;

    PartSink(Transport.Channel channel, long id, int credit) {
        this.channel = channel;
        this.id = id;
        this.credit = credit;
    }

    @Override
    public void send(Reply part) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (credit == 0 && !stopped) {
                changed.await();
            }
            if (stopped) {
                throw TerraneException.unavailable(
                        ErrorCode.UNREACHABLE, "nobody reads on: peer=%s", channel.peer());
            }
            credit--;
        } finally {
            lock.unlock();
        }
        channel.send(Frame.part(id, part));
    }

    void grant(int parts) {
        lock.lock();
        try {
            credit += parts;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
