package terrane.metasrv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.formation.Standing;
import terrane.core.time.SystemClock;
import terrane.metasrv.raft.CatalogStore.Member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Real folders of three metasrvs that ask each other in memory: a first start, and everything that
/// may have become of a folder when its metasrv is started again.
class FormingTest {
    private static final List<Member> MEMBERS =
            Stream.of("0", "1", "2").map(FormingTest::member).toList();

    @TempDir Path directory;

    /// The folders of those that run.
    private final Map<String, MemberFolder> running = new ConcurrentHashMap<>();

    private static Member member(String id) {
        var unused = new Address("127.0.0.1", 1);
        return new Member(id, unused, unused, unused);
    }

    private Path folder(String id) {
        return directory.resolve("deep").resolve(id);
    }

    /// As a process that starts: it can be asked, and then asks.
    private MemberFolder start(String id) throws InterruptedException {
        return start(id, MEMBERS);
    }

    private MemberFolder start(String id, List<Member> members) throws InterruptedException {
        var folder = MemberFolder.open(folder(id), Randomness.system());
        running.put(id, folder);
        var config = new RaftCatalogStore.Config(members, id, member(id).raft(), folder(id));
        Forming.await(
                config,
                folder,
                member -> Optional.ofNullable(running.get(member.id())).map(MemberFolder::standing),
                new SystemClock());
        return folder;
    }

    private void formAll() throws InterruptedException, ExecutionException {
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var started = new ArrayList<Future<MemberFolder>>();
            for (var member : MEMBERS) {
                started.add(tasks.submit(() -> start(member.id())));
            }
            for (var each : started) {
                assertThat(each.get().standing()).isInstanceOf(Standing.Formed.class);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static ErrorCode codeOf(Throwable thrown) {
        return ((TerraneException) thrown).code();
    }

    @Test
    void firstStartFormsOneClusterWhichLaterStartsAskNobodyAbout() throws Exception {
        formAll();
        var formed = start("0").standing();
        assertThat(formed).isNotEqualTo(Standing.Formed.UNKNOWN);
        for (var member : MEMBERS) {
            running.clear();
            var again = start(member.id());
            assertThat(again.standing()).as("%s", member.id()).isEqualTo(formed);
            assertThat(again.joins()).isFalse();
        }
    }

    @Test
    void emptiedFolderIsRefusedWithWhatToDoAndStaysRefused() throws Exception {
        formAll();
        running.remove("1");
        delete(folder("1"));
        running.remove("2"); // the one that remembers is enough
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> start("1"))
                    .isInstanceOf(TerraneException.Rejected.class)
                    .hasMessageContaining("metasrv 0 remembers")
                    .hasMessageContaining("metasrv.join = true")
                    .hasMessageContaining("/admin/member/replace")
                    .satisfies(e -> assertThat(codeOf(e)).isEqualTo(ErrorCode.FOLDER_LOST));
        }
    }

    @Test
    void folderThatLostRaftsFilesOnlyIsRefused() throws Exception {
        formAll();
        delete(folder("2").resolve(RaftCatalogStore.GROUP.getUuid().toString()));
        assertThatThrownBy(() -> start("2"))
                .isInstanceOf(TerraneException.Rejected.class)
                .satisfies(e -> assertThat(codeOf(e)).isEqualTo(ErrorCode.FOLDER_LOST));
    }

    @Test
    void folderFromBeforeFormationsOpensAndKeepsEmptyOnesOut() throws Exception {
        Files.createDirectories(folder("0").resolve(RaftCatalogStore.GROUP.getUuid().toString()));
        var old = start("0");
        assertThat(old.standing()).isEqualTo(Standing.Formed.UNKNOWN);
        assertThat(old.joins()).isFalse();
        assertThatThrownBy(() -> start("1")).isInstanceOf(TerraneException.Rejected.class);
    }

    @Test
    void memberThatDiedInTheMidstOfFormingGoesOn() throws Exception {
        var half = folder("0").resolve(RaftCatalogStore.GROUP.getUuid().toString());
        MemberFolder.open(folder("0"), Randomness.system());
        Files.createDirectories(half.resolve("current"));
        Files.createFile(half.resolve("in_use.lock"));
        formAll();
        assertThat(half.resolve("current").resolve("raft-meta")).exists();
    }

    @Test
    void memberThatJoinsAsksNobodyAndWaitsForALeaderAfterARestartToo() throws Exception {
        formAll();
        delete(folder("2"));
        MemberFolder.open(folder("2"), Randomness.system()).join();
        var again = start("2");
        assertThat(again.joins()).isTrue();
        assertThat(again.standing()).isEqualTo(Standing.Formed.UNKNOWN);
    }

    @Test
    void clusterOfOtherMembersThanConfiguredIsRefused() throws Exception {
        start("0", List.of(member("0"))); // alone
        assertThatThrownBy(() -> start("1"))
                .isInstanceOf(TerraneException.Rejected.class)
                .hasMessageContaining("metasrv 0 remembers");
    }

    @Test
    void markThatCannotBeReadIsNoReasonToBeginAnew() throws Exception {
        formAll();
        Files.write(folder("1").resolve(MemberFolder.MARK), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> start("1")).isInstanceOf(TerraneException.Corrupt.class);
    }
}
