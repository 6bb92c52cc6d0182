// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.control.check.CheckOutcome;
import org.ulvs.control.check.CheckSpec;
import org.ulvs.control.check.ProgramRunner;
import org.ulvs.control.journal.RecordedJournal;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.Names;

/** The role against a dataplane in memory; outcomes of checks and the clock come from the test. */
class LvsTest {
    private static final String CONFIGURATION = """
            primary = 192.0.2.1
            network = direct
            %s
            virtual web {
                 active = 1
                 address = 192.0.2.10 eth0:1
                 timeout = 5
                 reentry = 10
            %s
                 server one {
                     address = 10.0.0.1
                     active = 1
                     weight = 64
                 }
                 server two {
                     address = 10.0.0.2
                     active = 1
                 }
            }
            """;

    private static final String SERVICE = "-t 192.0.2.10:80 -s wlc";
    private static final String ONE = "  -r 10.0.0.1:80 -g -w ";
    private static final String TWO = "  -r 10.0.0.2:80 -g -w 1";
    private static final String OWN = "own 192.0.2.10";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
    private final FakeDirector director = new FakeDirector();
    private final ProgramRunner programs = new ProgramRunner();
    private final List<String> events = new ArrayList<>();
    private final List<String> journal = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Lvs lvs;

    @BeforeEach
    void makeRole() throws IOException {
        lvs = newRole();
    }

    private Lvs newRole() throws IOException {
        return new Lvs(
                director,
                new RecordedEvents(events),
                new RecordedJournal(journal),
                programs,
                clock::get,
                () -> clock.get() / 1_000_000,
                directory.resolve("owned"));
    }

    @AfterEach
    void endPrograms() {
        lvs.close();
        programs.close();
    }

    private static Configuration configuration(String global, String service) {
        final LvsCf read = LvsCf.read(CONFIGURATION.formatted(global, service), Names.of(Map.of()));
        assertThat(read.errors()).isEmpty();
        return read.configuration();
    }

    private void configure(String global, String service) {
        lvs.configure(configuration(global, service), Optional.empty());
        lvs.work(null);
    }

    private void activate() {
        lvs.activate();
        lvs.work(null);
    }

    /** Tells the outcome of a check of a server. */
    private void check(String server, boolean up) {
        for (final Map.Entry<String, CheckSpec> check : lvs.checks().entrySet()) {
            if (check.getValue().name().equals("web/" + server)) {
                lvs.onOutcome(check.getKey(), check.getValue(), new CheckOutcome(up, up ? "fine" : "refused", 1));
            }
        }
        lvs.work(null);
    }

    private void after(Duration duration) {
        clock.addAndGet(duration.toNanos());
        lvs.work(null);
    }

    @Test
    void shouldSayHowLongADataplaneMayHang() {
        configure("", "");
        assertThat(director.patience).hasSeconds(10);

        configure("dataplane_timeout = 1.5", "");

        assertThat(director.patience).hasMillis(1_500);
    }

    @Test
    void shouldHoldNothingWhileItStandsBy() {
        configure("", "");
        lvs.deactivate();
        lvs.work(null);
        check("one", true);

        assertThat(director.listing()).isEmpty();
        assertThat(events).containsExactly("alive", "deactivated");
    }

    @Test
    void shouldServeWithTheServersThatItKnowsToBeUp() {
        configure("", "");
        check("one", true);
        check("two", false);
        activate();

        assertThat(director.listing()).containsExactly(SERVICE, ONE + 64, OWN);
        assertThat(events).containsExactly("alive", "activated");
    }

    @Test
    void shouldAdmitAServerWithItsFirstGoodCheckAndStartItSlowly() {
        configure("", "");
        activate();
        assertThat(director.listing()).containsExactly(SERVICE, OWN);

        check("one", true);
        assertThat(director.listing()).containsExactly(SERVICE, ONE + 2, OWN);

        after(Duration.ofSeconds(21));
        assertThat(director.listing()).containsExactly(SERVICE, ONE + 4, OWN);
        assertThat(journal).contains("WEIGHT web/one: 4 (slow start)");
    }

    @Test
    void shouldTakeOutAServerAfterOneFailureAndLetItReturnAfterReentry() {
        configure("", "slow_start = 0");
        activate();
        check("one", true);
        check("two", true);
        check("two", false);
        assertThat(director.listing()).containsExactly(SERVICE, ONE + 64, OWN);

        check("two", true);
        assertThat(director.listing()).doesNotContain(TWO);
        check("two", true);

        assertThat(director.listing()).containsExactly(SERVICE, ONE + 64, TWO, OWN);
        assertThat(journal).contains("CHECK web/two: down: refused", "CHECK web/two: up: fine");
    }

    @Test
    void shouldSayHowManyChecksWereMadeAndHowLongTheyTook() {
        configure("", "");
        activate();
        check("two", true);
        check("two", false);
        after(Duration.ofSeconds(1));

        final var server = lvs.status().services().get(0).servers().get(1);
        assertThat(server.name()).isEqualTo("web/two");
        assertThat(server.checks()).isEqualTo(new LvsStatus.Checks(2, 1, 2, 1, server.since()));
    }

    @Test
    void shouldQuiesceAServerThatWasInUseButNotOneThatNeverWas() {
        configure("", "quiesce_server = 1");
        activate();
        check("two", false);
        assertThat(director.listing()).containsExactly(SERVICE, OWN);

        check("one", true);
        check("one", false);

        assertThat(director.listing()).containsExactly(SERVICE, ONE + 0, OWN);
    }

    @Test
    void shouldUseTheSorryServerOnlyWhileNoOtherIsUp() {
        configure("", "sorry_server = 10.0.0.99");
        activate();
        assertThat(director.listing()).containsExactly(SERVICE, OWN);

        check("one", false);
        check("two", false);
        assertThat(director.listing()).containsExactly(SERVICE, "  -r 10.0.0.99:80 -g -w 1", OWN);

        check("two", true);
        check("two", true);
        assertThat(director.listing()).containsExactly(SERVICE, TWO, OWN);
    }

    @Test
    void shouldGiveUpEverythingThatItMadeAndNothingElse() {
        configure("", "");
        activate();
        check("one", true);
        lvs.deactivate();
        lvs.work(null);

        assertThat(director.listing()).isEmpty();
        assertThat(director.commands).endsWith("disown 192.0.2.10", "ipvsadm -D -t 192.0.2.10:80");
        assertThat(events).endsWith("deactivated");
    }

    @Test
    void shouldChangeNothingThatIsRightAfterARestart() throws IOException {
        configure("", "slow_start = 0");
        activate();
        check("one", true);
        check("two", true);
        director.commands.clear();

        lvs = newRole();
        assertThat(lvs.serves(configuration("", "slow_start = 0"))).isTrue();
        configure("", "slow_start = 0");
        activate();
        check("one", true);
        check("two", true);
        assertThat(director.commands).isEmpty();

        check("two", false);
        assertThat(director.commands).containsExactly("ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.2:80");
    }

    @Test
    void shouldRemoveAfterARestartWhatTheConfigurationNoLongerHas() throws IOException {
        configure("", "");
        activate();

        lvs = newRole();
        configure("", "port = 8080");
        activate();

        assertThat(director.listing()).containsExactly("-t 192.0.2.10:8080 -s wlc", OWN);
    }

    @Test
    void shouldKeepHealthAndConnectionsOverAReload() {
        configure("", "slow_start = 0");
        activate();
        check("one", true);
        check("two", true);
        director.commands.clear();

        configure("", "slow_start = 0\nscheduler = rr\npersistent = 60");

        assertThat(director.commands).containsExactly("ipvsadm -E -t 192.0.2.10:80 -s rr -p 60");
    }

    @Test
    void shouldRefillADataplaneThatHasDiedAndComeBackEmpty() {
        configure("", "slow_start = 0");
        activate();
        check("one", true);
        director.alive = false;
        director.forget();
        after(Duration.ofMillis(50));
        after(Duration.ofMillis(50));
        assertThat(events).containsExactly("alive", "activated", "dead");
        assertThat(lvs.status().dataplaneAlive()).isFalse();

        director.alive = true;
        after(Duration.ofMillis(50));

        assertThat(director.listing()).containsExactly(SERVICE, ONE + 64, OWN);
        assertThat(events).endsWith("alive");
    }

    @Test
    void shouldOnlyLookFromTimeToTimeForADataplaneThatIsDead() {
        configure("", "");
        activate();
        director.alive = false;
        after(Duration.ofSeconds(30));

        assertThat(events).endsWith("dead");
        assertThat(Duration.ofNanos(lvs.waitNs())).isBetween(Duration.ofMillis(10), Duration.ofMillis(100));
    }

    @Test
    void shouldCountADeadDataplaneAsNotServing() {
        director.alive = false;
        configure("", "");
        lvs.deactivate();
        lvs.work(null);

        assertThat(events).containsExactly("dead", "deactivated");
    }

    @Test
    void shouldRepairWhatSomebodyElseHasChanged() {
        configure("", "slow_start = 0");
        activate();
        check("one", true);
        director.forget();

        after(Duration.ofSeconds(11));

        assertThat(director.listing()).containsExactly(SERVICE, ONE + 64, OWN);
    }

    @Test
    void shouldAnnounceAsOftenAsToldAndThenRefresh() {
        configure("arp_repeat = 3\narp_interval = 1\narp_refresh = 30", "");
        activate();
        for (int i = 0; i < 10; i++) {
            after(Duration.ofSeconds(1));
        }
        assertThat(director.announcements).isEqualTo(3);
        assertThat(journal).contains("TAKEOVER addresses: announced");

        after(Duration.ofSeconds(30));
        after(Duration.ofSeconds(1));
        assertThat(director.announcements).isEqualTo(4);

        lvs.deactivate();
        after(Duration.ofSeconds(100));
        assertThat(director.announcements).isEqualTo(4);
    }

    @Test
    void shouldTellTheDataplaneThatItIsLookedAfterWhereSomebodyElseCouldTakeOver() {
        configure("", "");
        assertThat(director.supervised).isFalse();

        configure("backup = 192.0.2.2\nbackup_active = 1", "");
        after(Duration.ofMillis(50));
        assertThat(director.supervised).isTrue();
    }

    @Test
    void shouldOwnAgainBeforeItAnnouncesWhatTheDataplaneHasGivenUp() {
        configure("", "");
        activate();
        assertThat(lvs.serves(configuration("", ""))).isTrue();

        director.ownAddress(InetAddr.v4(0xc000_020a), OwnedAddress.NOWHERE);
        assertThat(lvs.serves(configuration("", ""))).isFalse();
        director.commands.clear();
        lvs.announceAgain();
        lvs.work(null);

        assertThat(director.commands).containsExactly("own 192.0.2.10 on eth0");
        assertThat(lvs.serves(configuration("", ""))).isTrue();
    }

    @Test
    void shouldPutTheMarkRulesInOnceAndAgainWhenTheyAreGone() {
        lvs.configure(configuration("", ""), Optional.of("*mangle"));
        lvs.activate();
        lvs.work(null);
        after(Duration.ofSeconds(11));
        assertThat(director.commands).containsOnlyOnce("rules *mangle");

        director.forget();
        after(Duration.ofSeconds(11));

        assertThat(director.commands.stream().filter("rules *mangle"::equals)).hasSize(2);
    }

    @Test
    void shouldSetTheSynchronisationToItsPart() {
        configure("syncdaemon = 1\nsyncd_iface = eth1\nsyncd_id = 7", "");
        activate();
        lvs.deactivate();
        lvs.work(null);

        assertThat(director.commands).contains("sync master eth1 7").endsWith("sync backup eth1 7");
    }
}
