package terrane.sim.cluster;

import terrane.core.Address;
import terrane.core.WalPartition;
import terrane.datanode.Ack;
import terrane.metasrv.raft.CatalogStore.Member;
import terrane.sim.engine.WorldMemory;
import terrane.sim.log.SimBroker;
import terrane.sim.net.Network;
import terrane.sim.raft.SimRaft;
import terrane.sim.storage.SimStorage;
import terrane.sim.world.World;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What all hosts of a cluster share.
///
/// @param followers of each region
/// @param folder for the files of its processes
public record Surroundings(
        World world,
        Network network,
        SimBroker broker,
        SimStorage storage,
        SimRaft raft,
        WorldMemory memory,
        Observer observer,
        List<Member> members,
        List<WalPartition> partitions,
        Duration lease,
        Ack ack,
        int followers,
        long flushBytes,
        Path folder) {
    static final int RPC_PORT = 3001;

    static Member member(String host) {
        var rpc = new Address(host, RPC_PORT);
        return new Member(host, rpc, new Address(host, 3002), new Address(host, 3003));
    }

    List<Address> metasrvs() {
        return members.stream().map(Member::rpc).toList();
    }
}
