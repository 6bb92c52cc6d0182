// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.dist;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one-way dependencies between the modules, as docs/architecture.md lists them. */
class ModuleRulesTest {
    private static final String BASE = "org.ulvs.";

    /** What each module may use of the others. */
    private static final Map<String, Set<String>> MODULES = Map.ofEntries(
            Map.entry("wire", Set.of()),
            Map.entry("cnc", Set.of()),
            Map.entry("schedulers", Set.of()),
            Map.entry("nat", Set.of("wire")),
            Map.entry("dr", Set.of("wire")),
            Map.entry("shim", Set.of("wire")),
            Map.entry("rules", Set.of()),
            Map.entry("engine", Set.of("wire", "cnc", "schedulers", "nat", "dr", "shim", "rules")),
            Map.entry("control", Set.of("cnc", "rules")),
            Map.entry("web", Set.of("cnc", "rules", "control")),
            Map.entry("tools", Set.of("cnc", "rules")),
            Map.entry("testkit", Set.of("wire", "shim")),
            Map.entry("conform", Set.of("wire", "cnc", "schedulers", "engine", "rules", "tools", "testkit")));

    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("org.ulvs");

    static Stream<String> modules() {
        return MODULES.keySet().stream().sorted();
    }

    private static DescribedPredicate<JavaClass> otherModulesThan(String module) {
        final Set<String> allowed = MODULES.getOrDefault(module, Set.of());
        return describe("in another module than " + module + " and " + allowed, type -> {
            final String name = type.getPackageName();
            return name.startsWith(BASE)
                    && !name.matches("org\\.ulvs\\.dist(\\..*)?")
                    && !isOf(name, module)
                    && allowed.stream().noneMatch(other -> isOf(name, other));
        });
    }

    private static boolean isOf(String packageName, String module) {
        return (packageName + '.').startsWith(BASE + module + '.');
    }

    private static String packageOf(String module) {
        return BASE + module + "..";
    }

    @Test
    void shouldKnowEveryModuleOfTheDistribution() {
        for (final String module : MODULES.keySet()) {
            assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                    .as("classes of " + module)
                    .anyMatch(name -> isOf(name, module));
        }
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(
                        name -> isOf(name, "dist") || MODULES.keySet().stream().anyMatch(module -> isOf(name, module)));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldUseOnlyModulesBelow(String module) {
        final ArchRule rule = noClasses()
                .that()
                .resideInAPackage(packageOf(module))
                .should()
                .dependOnClassesThat(otherModulesThan(module));
        rule.check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wire", "cnc", "schedulers", "nat", "dr", "shim", "rules", "engine"})
    void shouldKnowNoLoggingJsonOrWebLibrary(String module) {
        noClasses()
                .that()
                .resideInAPackage(packageOf(module))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.slf4j..",
                        "ch.qos.logback..",
                        "java.util.logging..",
                        "tools.jackson..",
                        "com.fasterxml..",
                        "org.eclipse.jetty..",
                        "gg.jte..",
                        "io.prometheus..",
                        "java.net.http..",
                        "com.sun.net.httpserver..",
                        "net.openhft.."))
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"schedulers", "nat", "dr", "rules"})
    void shouldKnowNoClockThreadOrInputOutput(String module) {
        final ArchRule types = noClasses()
                .that()
                .resideInAPackage(packageOf(module))
                .should()
                .dependOnClassesThat(describe("do I/O, keep time or run threads", ModuleRulesTest::isOutsideWorld));
        final ArchRule calls = noClasses()
                .that()
                .resideInAPackage(packageOf(module))
                .should()
                .callMethodWhere(describe("read a clock or steer a thread", ModuleRulesTest::readsClockOrSteersThread));
        types.check(CLASSES);
        calls.check(CLASSES);
    }

    private static boolean isOutsideWorld(JavaClass type) {
        final String name = type.getName();
        return Stream.of(
                                "java.io.",
                                "java.net.",
                                "java.nio.file.",
                                "java.nio.channels.",
                                "java.time.",
                                "java.util.Timer",
                                "java.util.concurrent.Executor",
                                "java.util.concurrent.locks.",
                                "java.util.concurrent.ThreadPool",
                                "org.agrona.concurrent.EpochClock",
                                "org.agrona.concurrent.NanoClock",
                                "org.agrona.concurrent.System")
                        .anyMatch(name::startsWith)
                && !"java.io.Serializable".equals(name);
    }

    private static boolean readsClockOrSteersThread(JavaMethodCall call) {
        final String owner = call.getTargetOwner().getName();
        final String method = call.getName();
        return switch (owner) {
            case "java.lang.Thread" -> !"onSpinWait".equals(method);
            case "java.lang.System" ->
                Arrays.asList("nanoTime", "currentTimeMillis", "exit", "getenv").contains(method);
            default -> false;
        };
    }
}
