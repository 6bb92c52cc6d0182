// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go. In the foreground: standard output with the time. Under journald: standard output with the
 * priority that journald reads. In the background: syslog, facility daemon, through one logger(1) that runs along.
 */
public final class DaemonLog {
    private static final Path SYSLOG_SOCKET = Path.of("/dev/log");
    private static final int FACILITY_DAEMON = 3 << 3;
    private static final int ERROR = 3;
    private static final int WARNING = 4;
    private static final int INFO = 6;
    private static final int DEBUG = 7;

    private DaemonLog() {}

    /** Lines with the time to standard output, or with a priority where that is journald. */
    public static void toStandardOutput(boolean verbose) {
        configure(System.out, System.getenv("JOURNAL_STREAM") == null ? new Timed() : new Prioritised(), verbose);
    }

    /** Lines to syslog; to standard output where there is no syslog or no logger(1). */
    public static void toSyslog(String ident, boolean verbose) {
        if (!Files.exists(SYSLOG_SOCKET)) {
            toStandardOutput(verbose);
            return;
        }
        try {
            final Process logger = new ProcessBuilder(
                            "logger",
                            "--prio-prefix",
                            "--tag",
                            ident,
                            "--id=" + ProcessHandle.current().pid())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            configure(logger.getOutputStream(), new Prioritised(), verbose);
        } catch (IOException e) {
            toStandardOutput(verbose);
        }
    }

    /** Only errors, to standard error: for short commands. */
    public static void quiet() {
        configure(System.err, new Timed(), false);
        root().setLevel(Level.ERROR);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static void configure(OutputStream out, Layout<ILoggingEvent> layout, boolean verbose) {
        final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        layout.setContext(context);
        layout.start();
        final LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(out);
        appender.start();
        root().addAppender(appender);
        root().setLevel(Level.WARN);
        // tells that optional native parts are missing, which is as intended
        context.getLogger("net.openhft").setLevel(Level.OFF);
        for (final String name : new String[] {"pulse", "lvs", "nanny", "fos", "journal", "org.ulvs"}) {
            context.getLogger(name).setLevel(verbose ? Level.DEBUG : Level.INFO);
        }
    }

    private static String cause(ILoggingEvent event) {
        return event.getThrowableProxy() == null
                ? ""
                : " (" + event.getThrowableProxy().getClassName() + ": "
                        + event.getThrowableProxy().getMessage() + ")";
    }

    private static final class Timed extends LayoutBase<ILoggingEvent> {
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

        @Override
        public String doLayout(ILoggingEvent event) {
            final String level = event.getLevel().isGreaterOrEqual(Level.WARN) ? event.getLevel() + ": " : "";
            return TIME.format(Instant.ofEpochMilli(event.getTimeStamp()).atZone(ZoneId.systemDefault())) + ' '
                    + event.getLoggerName() + "[" + ProcessHandle.current().pid() + "]: " + level
                    + event.getFormattedMessage() + cause(event) + '\n';
        }
    }

    private static final class Prioritised extends LayoutBase<ILoggingEvent> {
        @Override
        public String doLayout(ILoggingEvent event) {
            final int severity = switch (event.getLevel().levelInt) {
                case Level.ERROR_INT -> ERROR;
                case Level.WARN_INT -> WARNING;
                case Level.INFO_INT -> INFO;
                default -> DEBUG;
            };
            // a line break would begin a message of its own
            final String text = (event.getFormattedMessage() + cause(event)).replace('\n', ' ');
            return "<" + (FACILITY_DAEMON | severity) + '>' + event.getLoggerName() + ": " + text + '\n';
        }
    }
}
