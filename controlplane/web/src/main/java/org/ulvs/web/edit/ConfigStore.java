// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.lvscf.LvsCfFile;
import org.ulvs.control.lvscf.Names;

/**
 * The lvs.cf that is edited. Nothing is held between two requests but the last file as it was read, by its hash;
 * everybody
 * edits a document of one's own. Thread-safe.
 */
public final class ConfigStore {
    /** In place of a hash where there is no file yet. */
    public static final String NO_FILE = "none";

    private final Path path;
    private final Names names;
    private volatile Loaded last;

    /**
     * One reading of the file. Its document must not be edited: see {@link #document}.
     *
     * @param hash of the bytes, {@link #NO_FILE} without a file
     * @param text the whole file
     * @param content what it says
     * @param charset of the file
     */
    public record Loaded(String hash, String text, LvsCf content, Charset charset) {
        /** A document of one's own, to be edited. */
        public LvsCfDocument document() {
            return LvsCfDocument.parse(text);
        }

        /** Edit counter. */
        public long serial() {
            return content.configuration().serial();
        }
    }

    /** A store over a file that may not exist yet. */
    public ConfigStore(Path path, Names names) {
        this.path = path;
        this.names = names;
        this.last = new Loaded(NO_FILE, "", LvsCf.read("", names), StandardCharsets.UTF_8);
    }

    /** Where the file lies. */
    public Path path() {
        return path;
    }

    /** The file as it is now. */
    public Loaded load() throws IOException {
        final byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return new Loaded(NO_FILE, "", read(""), StandardCharsets.UTF_8);
        }
        final String hash = LvsCfFile.hash(bytes);
        final Loaded known = last;
        if (known.hash().equals(hash)) {
            return known;
        }
        final LvsCfFile file = LvsCfFile.load(path, names);
        final Loaded loaded = new Loaded(file.hash(), file.content().document().text(), file.content(), file.charset());
        last = loaded;
        return loaded;
    }

    /** What a text would say. */
    public LvsCf read(String text) {
        return LvsCf.read(text, names);
    }

    /**
     * Writes a draft: raises serial_no, replaces the file as a whole.
     *
     * @return the new hash
     * @throws LvsCfFile.ChangedException if the file is not the one that the draft was made from
     */
    public synchronized String save(Draft draft) throws IOException {
        if (NO_FILE.equals(draft.baseHash()) != !Files.exists(path)) {
            throw new ConflictException();
        }
        try {
            return LvsCfFile.save(path, LvsCfDocument.parse(draft.text()), draft.charset(), draft.baseHash());
        } catch (LvsCfFile.ChangedException e) {
            throw new ConflictException();
        } catch (AccessDeniedException e) {
            throw refused(path, e);
        } catch (FileSystemException e) {
            // the owner of a file can be kept only by the owner
            throw String.valueOf(e.getReason()).contains("not permitted") ? refused(path, e) : e;
        }
    }

    /** What a user who may not write a file is told. */
    public static IOException refused(Path file, IOException cause) {
        final String user = System.getProperty("user.name", "piranha");
        return new IOException(
                "Nothing has been written: the user " + user + " may not replace " + file + ". As root: chown " + user
                        + ": " + file.toAbsolutePath().getParent() + ' ' + file,
                cause);
    }

    /** Somebody else has changed the file meanwhile. */
    public static final class ConflictException extends IOException {
        private static final long serialVersionUID = 1L;

        ConflictException() {
            super("lvs.cf has been changed by somebody else meanwhile");
        }
    }
}
