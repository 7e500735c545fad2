package terrane.core;

/// One partition of one Kafka topic. A region never changes its WAL partition.
public record WalPartition(String topic, int partition) implements Comparable<WalPartition> {
    @Override
    public int compareTo(WalPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
