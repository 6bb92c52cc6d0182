// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The virtual machine says nothing about a command for a method that does not exist. */
class CompileCommandsTest {
    private static final Path OPTIONS = Path.of("..", "..", "tools", "jvm", "dataplane.options");
    private static final Pattern COMMAND = Pattern.compile("-XX:CompileCommand=\\w+,([\\w.]+)::(\\w+)");

    static Stream<Arguments> commands() throws IOException {
        return COMMAND.matcher(Files.readString(OPTIONS))
                .results()
                .map((MatchResult found) -> Arguments.of(found.group(1), found.group(2)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldNameMethodsThatExist(String className, String methodName) throws ClassNotFoundException {
        final Class<?> owner = Class.forName(className, false, CompileCommandsTest.class.getClassLoader());

        assertThat(owner.getDeclaredMethods()).extracting(Method::getName).contains(methodName);
    }
}
