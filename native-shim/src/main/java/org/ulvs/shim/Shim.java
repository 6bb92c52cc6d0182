// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import jnr.ffi.LibraryLoader;
import jnr.ffi.mapper.FunctionMapper;

/** Loads the C library and gives its calls. Thread safe. */
public final class Shim {
    /** Errno: operation not permitted. */
    public static final int EPERM = 1;
    /** Errno: interrupted. */
    public static final int EINTR = 4;
    /** Errno: no such device or address. */
    public static final int ENXIO = 6;
    /** Errno: try again. */
    public static final int EAGAIN = 11;
    /** Errno: no such device. */
    public static final int ENODEV = 19;
    /** Errno: invalid argument. */
    public static final int EINVAL = 22;
    /** Errno: the frame is longer than the interface carries. */
    public static final int EMSGSIZE = 90;
    /** Errno: protocol option not known to this kernel. */
    public static final int ENOPROTOOPT = 92;
    /** Errno: the interface is down. */
    public static final int ENETDOWN = 100;
    /** Errno: no room in a queue. */
    public static final int ENOBUFS = 105;

    private static final int VERSION = 5;
    private static final String RESOURCE = "/native/libulvsshim.so";

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(EPERM, "operation not permitted"),
            Map.entry(2, "no such file or directory"),
            Map.entry(EINTR, "interrupted"),
            Map.entry(ENXIO, "no such device or address"),
            Map.entry(EAGAIN, "try again"),
            Map.entry(12, "out of memory"),
            Map.entry(13, "permission denied"),
            Map.entry(16, "busy"),
            Map.entry(17, "exists already"),
            Map.entry(ENODEV, "no such device"),
            Map.entry(EINVAL, "invalid argument"),
            Map.entry(EMSGSIZE, "message too long"),
            Map.entry(ENOPROTOOPT, "not known to this kernel"),
            Map.entry(95, "not supported by this kernel"),
            Map.entry(97, "address family not supported by this kernel"),
            Map.entry(ENETDOWN, "the interface is down"),
            Map.entry(ENOBUFS, "no room in a queue"));

    private Shim() {}

    private static final class Holder {
        static final ShimCalls CALLS = load();
    }

    /**
     * The calls.
     *
     * @throws ShimException if the library does not load or is of another version
     */
    public static ShimCalls calls() {
        return Holder.CALLS;
    }

    /**
     * Passes a result on.
     *
     * @param result of a call
     * @param what was tried, for the message
     * @return {@code result}, which is 0 or more
     * @throws ShimException if {@code result} is a negative errno
     */
    public static int check(int result, String what) {
        if (result < 0) {
            throw new ShimException(-result, what + ": " + describe(-result));
        }
        return result;
    }

    /** A few words about an errno. */
    public static String describe(int errno) {
        final String name = NAMES.get(errno);
        return name == null ? "error " + errno : name + " (error " + errno + ")";
    }

    private static ShimCalls load() {
        final Path library;
        try (InputStream in = Shim.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new ShimException(2, RESOURCE + " is not in the class path: the C library was not built");
            }
            library = Files.createTempFile("libulvsshim", ".so");
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot unpack " + RESOURCE, e);
        }
        try {
            final FunctionMapper mapper = (name, context) -> functionName(name);
            final ShimCalls calls =
                    LibraryLoader.create(ShimCalls.class).mapper(mapper).load(library.toString());
            if (calls.version() != VERSION) {
                throw new ShimException(
                        EINVAL, "the C library has version " + calls.version() + ", wanted is " + VERSION);
            }
            return calls;
        } catch (final UnsatisfiedLinkError e) {
            throw new ShimException(2, "the C library does not load: " + e.getMessage());
        } finally {
            deleteQuietly(library);
        }
    }

    private static String functionName(String name) {
        return "ulvs_" + name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
