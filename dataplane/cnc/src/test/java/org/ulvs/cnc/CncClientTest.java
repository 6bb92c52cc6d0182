// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.cnc.DataplaneException.Reason;

final class CncClientTest {
    private static final long TIMEOUT_MS = 100;
    private static final ServiceKey KEY = new ServiceKey(6, InetAddr.v4(0x0A000064), 80, 0);
    private static final ServiceSpec SERVICE = new ServiceSpec(KEY, "wlc", 1, 300, -1);
    private static final ServerSpec SERVER = new ServerSpec(InetAddr.v4(0x0A000201), 8080, 0, 7, 9, 5, 0, 0, 0);

    @TempDir
    Path directory;

    /** Stands still where threads wait for each other, so that no wait ends by time. */
    private SteppingClock clock = new SteppingClock(1);

    private CncClient attach() {
        return CncClient.attach(directory, clock, TIMEOUT_MS);
    }

    private static List<String> recorded(CncClient client) {
        final List<String> errors = new ArrayList<>();
        ErrorLogReader.read(client.cnc().errors(), (count, first, last, text) -> errors.add(text));
        return errors;
    }

    private StubDataplane running() throws IOException {
        final StubDataplane dataplane = new StubDataplane(directory, clock);
        dataplane.cnc.running(clock.time());
        return dataplane;
    }

    private void assertCannotAttach(Reason reason, String words) {
        assertThatExceptionOfType(DataplaneException.class)
                .isThrownBy(this::attach)
                .withMessageContaining(words)
                .satisfies(exception -> assertThat(exception.reason()).isEqualTo(reason));
    }

    private void patch(int offset, int value) throws IOException {
        final UnsafeBuffer file = InstanceFiles.mapExisting(InstanceFiles.cnc(directory), true);
        file.putInt(offset, value);
    }

    @Test
    void shouldSayThatThereIsNoDirectory() {
        final Path missing = directory.resolve("missing");
        assertThatExceptionOfType(DataplaneException.class)
                .isThrownBy(() -> CncClient.attach(missing, clock, TIMEOUT_MS))
                .withMessageContaining("there is no directory " + missing)
                .satisfies(exception -> assertThat(exception.reason()).isEqualTo(Reason.NO_DIRECTORY));
    }

    @Test
    void shouldSayThatNothingRunsInAnEmptyDirectory() {
        assertCannotAttach(Reason.DOWN, "no dataplane runs in " + directory);
    }

    @Test
    void shouldLookWithoutGivingCommands() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient viewer = CncClient.view(directory, clock)) {
            viewer.checkAlive();
            assertThat(viewer.cnc().instance()).isEqualTo(dataplane.cnc.instance());
            assertThatIllegalStateException().isThrownBy(viewer::ping).withMessageContaining("only looks");
        }
    }

    @Test
    void shouldSayThatTheDataplaneIsStillStarting() throws IOException {
        try (StubDataplane dataplane = new StubDataplane(directory, clock)) {
            assertCannotAttach(Reason.STARTING, "still starting");
            dataplane.cnc.running(clock.time());
            attach().close();
        }
    }

    @Test
    void shouldSayThatTheDataplaneWasStopped() throws IOException {
        running().close();
        assertCannotAttach(Reason.DOWN, "has been stopped");
    }

    @Test
    void shouldSayThatTheDataplaneDoesNotRespond() throws IOException {
        try (StubDataplane dataplane = running()) {
            clock.advance(CncClient.HEARTBEAT_TIMEOUT_MS - 10);
            attach().close();
            clock.advance(20);
            assertCannotAttach(Reason.DOWN, "does not respond");
            dataplane.adapter.doWork(clock.time());
            attach().close();
        }
    }

    @Test
    void shouldBeAsPatientAsItsCaller() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            dataplane.adapter.doWork(clock.time());
            clock.advance(1_900);
            client.checkAlive(2_000);
            clock.advance(200);
            client.checkAlive();
            assertThatExceptionOfType(DataplaneException.class)
                    .isThrownBy(() -> client.checkAlive(2_000))
                    .withMessageContaining("does not respond: last heartbeat 21");
        }
    }

    @Test
    void shouldSayThatTheDataplaneDied() throws IOException {
        try (StubDataplane dataplane = running()) {
            assertThat(dataplane.cnc.pid()).isEqualTo(ProcessHandle.current().pid());
            patch(CncDescriptor.PID_OFFSET, Integer.MAX_VALUE);
            clock.advance(CncClient.DEAD_PROCESS_TIMEOUT_MS);
            assertCannotAttach(Reason.DOWN, "has died");
        }
    }

    @Test
    void shouldKnowAtOnceThatTheDataplaneWasKilled() throws Exception {
        try (StubDataplane dataplane = running()) {
            final Process process = new ProcessBuilder("sleep", "100").start();
            final String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            patch(CncDescriptor.PID_OFFSET, (int) process.pid());
            patch(CncDescriptor.PROCESS_START_OFFSET, Integer.parseInt(stat.split(" ", -1)[21]));
            try (CncClient client = attach()) {
                client.checkAlive();
                process.destroyForcibly().waitFor();
                assertThatExceptionOfType(DataplaneException.class)
                        .isThrownBy(client::checkAlive)
                        .withMessageContaining("has died")
                        .satisfies(exception -> assertThat(exception.reason()).isEqualTo(Reason.DOWN));
                assertThat(dataplane.cnc.heartbeat()).isLessThanOrEqualTo(clock.time());
            }
        }
    }

    @Test
    void shouldRememberAPulseBeyondTheEndOfADataplane() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            assertThat(dataplane.cnc.supervised()).isZero();
            client.cnc().supervise(4711);
        }
        try (StubDataplane next = running()) {
            assertThat(next.cnc.supervised()).isEqualTo(4711);
        }
    }

    @Test
    void shouldAttachToAProcessThatItCannotSeeWhileItsHeartBeats() throws IOException {
        try (StubDataplane dataplane = running()) {
            patch(CncDescriptor.PID_OFFSET, Integer.MAX_VALUE);
            final EpochClock beating = () -> {
                final long nowMs = clock.time();
                dataplane.cnc.heartbeat(nowMs);
                return nowMs;
            };
            CncClient.attach(directory, beating, TIMEOUT_MS).close();
        }
    }

    @Test
    void shouldRefuseAnotherVersionOfTheLayout() throws IOException {
        try (StubDataplane dataplane = running()) {
            assertThat(dataplane.cnc.state()).isEqualTo(CncDescriptor.RUNNING);
            patch(CncDescriptor.VERSION_OFFSET, CncDescriptor.VERSION + 1);
            assertCannotAttach(Reason.OTHER_VERSION, "layout version 2, this program has 1");
        }
    }

    @Test
    void shouldRefuseADamagedFile() throws IOException {
        Files.write(InstanceFiles.cnc(directory), new byte[100]);
        assertCannotAttach(Reason.DAMAGED, "truncated");
        final byte[] header = new byte[CncDescriptor.HEADER_LENGTH];
        new UnsafeBuffer(header).putInt(CncDescriptor.VERSION_OFFSET, CncDescriptor.VERSION);
        new UnsafeBuffer(header).putInt(CncDescriptor.COMMANDS_LENGTH_OFFSET, Integer.MAX_VALUE);
        Files.write(InstanceFiles.cnc(directory), header);
        assertCannotAttach(Reason.DAMAGED, "truncated");
    }

    @Test
    void shouldLetOnlyOwnerAndGroupWriteTheFile() throws IOException {
        try (StubDataplane dataplane = running()) {
            assertThat(dataplane.cnc.instance()).isNotZero();
            final var permissions = Files.getPosixFilePermissions(InstanceFiles.cnc(directory));
            assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-rw-r--");
        }
    }

    @Test
    void shouldRefuseASecondDataplaneInTheDirectory() throws IOException {
        try (StubDataplane dataplane = running()) {
            final long first = dataplane.cnc.instance();
            assertThatIllegalStateException()
                    .isThrownBy(() -> CncFile.create(directory, clock))
                    .withMessageContaining("already runs a dataplane in " + directory);
            assertThat(CncFile.map(directory).instance()).isEqualTo(first);
        }
        running().close();
    }

    @Test
    void shouldCarryEveryCommandToTheTable() throws IOException {
        clock = new SteppingClock(0);
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            final Thread conductor = conduct(dataplane);
            final TableAdmin table = client.table();
            table.addService(SERVICE);
            table.editService(SERVICE);
            table.deleteService(KEY);
            table.addServer(KEY, SERVER);
            table.editServer(KEY, SERVER);
            table.deleteServer(KEY, SERVER.address(), 8080);
            table.flush();
            table.zero(null);
            table.zero(KEY);
            table.setTimeouts(1, 2, 3);
            table.setSysctl("sloppy_tcp", "1");
            table.startDaemon(new SyncDaemonSpec(1, "eth0", 2, 3, InetAddr.v4(4), 5, 6));
            table.stopDaemon(2);
            table.replaceRules("*mangle\nCOMMIT\n");
            table.replaceTable(List.of(new ServiceConfig(SERVICE, List.of(SERVER))));
            client.host().ownAddress(KEY.address(), "eth0");
            client.host().disownAddress(KEY.address());
            client.host().announceAddress(KEY.address());
            client.host().stop();
            client.ping();
            stop(conductor);
            assertThat(dataplane.calls)
                    .containsExactly(
                            "addService[" + SERVICE + "]",
                            "editService[" + SERVICE + "]",
                            "deleteService[" + KEY + "]",
                            "addServer[" + KEY + ", " + SERVER + "]",
                            "editServer[" + KEY + ", " + SERVER + "]",
                            "deleteServer[" + KEY + ", " + SERVER.address() + ", 8080]",
                            "flush[]",
                            "zero[null]",
                            "zero[" + KEY + "]",
                            "setTimeouts[1, 2, 3]",
                            "setSysctl[sloppy_tcp, 1]",
                            "startDaemon[" + new SyncDaemonSpec(1, "eth0", 2, 3, InetAddr.v4(4), 5, 6) + "]",
                            "stopDaemon[2]",
                            "replaceRules[*mangle\nCOMMIT\n]",
                            "replaceTable[" + List.of(new ServiceConfig(SERVICE, List.of(SERVER))) + "]",
                            "ownAddress[" + KEY.address() + ", eth0]",
                            "disownAddress[" + KEY.address() + "]",
                            "announceAddress[" + KEY.address() + "]",
                            "stop[]");
        }
    }

    private volatile boolean conducting;

    private Thread conduct(StubDataplane dataplane) {
        conducting = true;
        final long nowMs = clock.time();
        final Thread thread = new Thread(() -> {
            while (conducting) {
                dataplane.adapter.doWork(nowMs);
            }
        });
        thread.start();
        return thread;
    }

    private void stop(Thread conductor) {
        conducting = false;
        try {
            conductor.join();
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void shouldLetAClientReadItsOwnChange() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            dataplane.image = new TableImage(
                    7,
                    1,
                    1,
                    2,
                    3,
                    List.of(new ServiceImage(SERVICE, 3, List.of())),
                    List.of(),
                    Map.of(),
                    "",
                    List.of(),
                    List.of());
            client.begin();
            final long id = client.send(CommandType.FLUSH);
            dataplane.adapter.doWork(clock.time());
            assertThat(client.await(id).errno()).isZero();
            assertThat(client.table().image()).isEqualTo(dataplane.image);
        }
    }

    @Test
    void shouldPutChangesInForceOnceBeforeTheImageAndTheAnswers() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            final long generation = dataplane.images.generation();
            final List<String> seen = new ArrayList<>();
            dataplane.afterChanges =
                    () -> seen.add(dataplane.calls + " images " + (dataplane.images.generation() - generation));
            client.begin();
            client.send(CommandType.PING);
            dataplane.adapter.doWork(clock.time());
            assertThat(seen).isEmpty();

            client.begin();
            client.send(CommandType.FLUSH);
            client.begin();
            final long id = client.send(CommandType.FLUSH);
            dataplane.adapter.doWork(clock.time());
            assertThat(client.await(id).errno()).isZero();
            assertThat(seen).containsExactly("[flush[], flush[]] images 0");
        }
    }

    @Test
    void shouldAnswerAndRecordWhenChangesCannotBePutInForce() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            dataplane.afterChanges = () -> {
                throw new IllegalStateException("no steering");
            };
            client.begin();
            final long id = client.send(CommandType.FLUSH);
            dataplane.adapter.doWork(clock.time());
            assertThat(client.await(id).errno()).isZero();
            assertThat(recorded(client)).singleElement().asString().contains("no steering");
        }
    }

    @Test
    void shouldGiveTheErrorOfTheTable() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            dataplane.errno = Errno.ESRCH;
            client.begin();
            final long id = client.send(CommandType.FLUSH);
            final long generation = dataplane.images.generation();
            dataplane.adapter.doWork(clock.time());
            assertThat(client.await(id).errno()).isEqualTo(Errno.ESRCH);
            assertThat(dataplane.images.generation()).isEqualTo(generation);
        }
    }

    @Test
    void shouldAnswerAndRecordWhenTheTableFails() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            dataplane.failing = true;
            dataplane.failure = new IllegalStateException("table is upside down");
            client.begin();
            final long id = client.send(CommandType.FLUSH);
            dataplane.adapter.doWork(clock.time());
            final CommandResult result = client.await(id);
            assertThat(result.errno()).isEqualTo(Errno.EIO);
            assertThat(result.detail()).contains("table is upside down");
            assertThat(recorded(client)).singleElement().asString().contains("table is upside down");
        }
    }

    @Test
    void shouldSayThatTheRingStayedFull() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            assertThatExceptionOfType(DataplaneException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            client.begin().putString("x".repeat(10_000));
                            client.send(CommandType.SET_SYSCTL);
                        }
                    })
                    .withMessageContaining("has been full for 100 ms: the command was not sent")
                    .satisfies(exception -> assertThat(exception.reason()).isEqualTo(Reason.FULL));
            dataplane.adapter.doWork(clock.time());
            client.begin();
            final long id = client.send(CommandType.PING);
            dataplane.adapter.doWork(clock.time());
            assertThat(client.await(id).errno()).isZero();
        }
    }

    @Test
    void shouldSayThatNoReplyCame() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            assertThatExceptionOfType(DataplaneException.class)
                    .isThrownBy(client::ping)
                    .withMessageContaining("no reply")
                    .satisfies(exception -> assertThat(exception.reason()).isEqualTo(Reason.NO_REPLY));
            dataplane.adapter.doWork(clock.time());
            client.begin();
            final long id = client.send(CommandType.PING);
            dataplane.adapter.doWork(clock.time());
            assertThat(client.await(id).errno())
                    .as("the late reply is not taken for this one")
                    .isZero();
        }
    }

    @Test
    void shouldSayThatTheDataplaneEndedWhileWaiting() throws IOException {
        final SteppingClock fast = new SteppingClock(60);
        try (StubDataplane dataplane = new StubDataplane(directory, fast)) {
            dataplane.cnc.running(fast.time());
            try (CncClient client = CncClient.attach(directory, fast, 60_000)) {
                dataplane.cnc.close();
                assertThatExceptionOfType(DataplaneException.class)
                        .isThrownBy(client::ping)
                        .satisfies(exception -> assertThat(exception.reason()).isEqualTo(Reason.DOWN));
            }
        }
    }

    @Test
    void shouldGoOnAfterAClientWasKilledInTheMiddleOfACommand() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient killed = attach();
                CncClient other = attach()) {
            assertThat(killed.cnc().commands().tryClaim(CommandType.FLUSH, 100)).isPositive();
            other.begin();
            final long id = other.send(CommandType.PING);
            final long nowMs = clock.time();
            dataplane.adapter.doWork(nowMs);
            dataplane.adapter.doWork(nowMs + CommandAdapter.UNBLOCK_TIMEOUT_MS);
            assertThat(dataplane.adapter.doWork(nowMs + CommandAdapter.UNBLOCK_TIMEOUT_MS))
                    .isZero();
            dataplane.adapter.doWork(nowMs + CommandAdapter.UNBLOCK_TIMEOUT_MS + 1);
            assertThat(dataplane.adapter.doWork(nowMs + CommandAdapter.UNBLOCK_TIMEOUT_MS + 2))
                    .isEqualTo(1);
            assertThat(other.await(id).errno()).isZero();
            assertThat(dataplane.calls).isEmpty();
            assertThat(CountersSnapshot.sums(other.cnc().counterValues())).containsEntry("command ring unblocked", 1L);
        }
    }

    @Test
    void shouldServeSeveralClientsAtOnce() throws IOException, InterruptedException {
        clock = new SteppingClock(0);
        final int commands = 500;
        try (StubDataplane dataplane = running()) {
            final Thread conductor = conduct(dataplane);
            final List<Thread> clients = new ArrayList<>();
            final List<Integer> done = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 4; i++) {
                clients.add(new Thread(() -> {
                    final CncClient client = attach();
                    int count = 0;
                    while (count < commands && client.table().setTimeouts(1, 2, 3) == Errno.OK) {
                        count++;
                    }
                    done.add(count);
                }));
            }
            clients.forEach(Thread::start);
            for (final Thread client : clients) {
                client.join();
            }
            stop(conductor);
            assertThat(done).containsExactly(commands, commands, commands, commands);
            assertThat(dataplane.calls).hasSize(4 * commands);
        }
    }

    @Test
    void shouldRefuseMessagesThatAreNoCommands() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            final UnsafeBuffer junk = new UnsafeBuffer(new byte[64]);
            client.cnc().commands().write(77, junk, 0, 64);
            client.cnc().commands().write(CommandType.ADD_SERVICE, junk, 0, 4);
            client.cnc().commands().write(CommandType.ADD_SERVICE, junk, 0, 64);
            junk.setMemory(0, 64, (byte) 0xFF);
            client.cnc().commands().write(CommandType.SET_SYSCTL, junk, 0, 64);
            client.begin().putString("name without a value");
            final long id = client.send(CommandType.SET_SYSCTL);
            dataplane.adapter.doWork(clock.time());
            final CommandResult result = client.await(id);
            assertThat(result.errno()).isEqualTo(Errno.EINVAL);
            assertThat(result.detail()).contains("malformed");
            assertThat(dataplane.calls).isEmpty();
            assertThat(CountersSnapshot.sums(client.cnc().counterValues())).containsEntry("commands malformed", 5L);
        }
    }

    @Test
    void shouldCarryLongArgumentsInParts() throws IOException {
        clock = new SteppingClock(0);
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            final Thread conductor = conduct(dataplane);
            final String rules = "r".repeat(TableImageLayout.MAX_RULES_LENGTH);
            assertThat(client.table().replaceRules(rules).errno()).isZero();
            assertThat(client.table().replaceRules(rules + "r").errno()).isEqualTo(Errno.EMSGSIZE);
            assertThat(client.table().replaceRules("").errno()).isZero();
            stop(conductor);
            assertThat(dataplane.calls).containsExactly("replaceRules[" + rules + "]", "replaceRules[]");
        }
    }

    @Test
    void shouldForgetArgumentsWhoseClientDied() {
        final Uploads uploads = new Uploads();
        assertThat(uploads.add(1, 0, new byte[3])).isZero();
        assertThat(uploads.add(1, 4, new byte[3])).as("a part is missing").isEqualTo(Errno.EINVAL);
        for (int i = 2; i <= Uploads.MAX_UPLOADS + 1; i++) {
            assertThat(uploads.add(i, 0, new byte[3])).isZero();
        }
        assertThat(uploads.take(1)).as("the oldest gave way").isNull();
        assertThat(uploads.take(2)).isNotNull();
        assertThat(uploads.take(2)).as("taken once").isNull();
        assertThat(uploads.add(3, 3, new byte[Uploads.MAX_LENGTH])).isEqualTo(Errno.EMSGSIZE);
        assertThat(uploads.take(3)).isNull();
    }

    @Test
    void shouldSayThatAReplyWasOverwritten() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient slow = attach();
                CncClient busy = attach()) {
            slow.begin();
            final long id = slow.send(CommandType.PING);
            for (int i = 0; i < 200; i++) {
                for (int j = 0; j < CommandAdapter.COMMANDS_PER_CYCLE; j++) {
                    busy.begin();
                    busy.send(CommandType.PING);
                }
                dataplane.adapter.doWork(clock.time());
            }
            assertThatExceptionOfType(DataplaneException.class)
                    .isThrownBy(() -> slow.await(id))
                    .withMessageContaining("overwritten before it was read");
        }
    }

    @Test
    void shouldReportResultsOfAPipelineInOrder() throws IOException {
        try (StubDataplane dataplane = running();
                CncClient client = attach()) {
            final List<Long> numbers = new ArrayList<>();
            final CommandPipeline pipeline = client.pipeline((number, result) -> numbers.add(number));
            for (int i = 0; i < CommandPipeline.WINDOW - 1; i++) {
                assertThat(pipeline.table().flush()).isZero();
            }
            assertThat(numbers).isEmpty();
            dataplane.adapter.doWork(clock.time());
            pipeline.drain();
            assertThat(numbers).hasSize(CommandPipeline.WINDOW - 1).isSorted().startsWith(0L);
        }
    }
}
