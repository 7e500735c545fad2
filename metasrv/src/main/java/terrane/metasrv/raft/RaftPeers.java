package terrane.metasrv.raft;

import org.apache.ratis.protocol.RaftPeer;

import terrane.core.Address;
import terrane.metasrv.raft.CatalogStore.Member;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Members as Ratis keeps them: all addresses of a member are part of the group's configuration,
/// which is in the log, so that every member knows one that came later.
final class RaftPeers {
    private RaftPeers() {}

    static RaftPeer peer(Member member) {
        return RaftPeer.newBuilder()
                .setId(member.id())
                .setAddress(member.raft().toString())
                .setClientAddress(member.rpc().toString())
                .setAdminAddress(member.http().toString())
                .build();
    }

    static List<Member> members(Collection<RaftPeer> peers) {
        return peers.stream()
                .map(RaftPeers::member)
                .sorted(Comparator.comparing(Member::id))
                .toList();
    }

    private static Member member(RaftPeer peer) {
        return new Member(
                peer.getId().toString(),
                Address.parse(peer.getClientAddress()),
                Address.parse(peer.getAdminAddress()),
                Address.parse(peer.getAddress()));
    }
}
