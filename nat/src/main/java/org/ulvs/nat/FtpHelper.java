// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/**
 * Reads and rewrites what FTP's control connection says about addresses and ports (RFC 959, RFC 2428). Only a command
 * that lies whole in one segment, at the beginning of a line, is recognised; anything else is {@link FtpCommand#NONE}
 * and passes as it is.
 *
 * <p>The results of the last call are kept in the helper. Reused; owned by one worker thread.
 */
public final class FtpHelper {
    /** Bytes of a segment's payload that are searched. */
    public static final int MAX_SEARCHED = 2048;

    private static final int NONE = -1;
    private static final int CODE_LENGTH = 4;
    private static final int MAX_DIGITS = 5;
    private static final int MAX_TEXT = 23;
    private static final int[] PORT_WORD = {'P', 'O', 'R', 'T'};
    private static final int[] EPRT_WORD = {'E', 'P', 'R', 'T'};
    private static final int[] PASV_WORD = {'P', 'A', 'S', 'V'};
    private static final int[] EPSV_WORD = {'E', 'P', 'S', 'V'};

    private final byte[] text = new byte[MAX_TEXT];
    private int textLength;

    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int cursor;
    private int limit;

    private FtpCommand command = FtpCommand.NONE;
    private int address;
    private int port;
    private int rangeStart;
    private int rangeLength;
    private int delta;
    private Frame frame = new Frame();

    /** Creates a helper. */
    public FtpHelper() {}

    /** Reads a segment from the client. */
    public FtpCommand parseFromClient(final Frame frame, final PacketView view) {
        begin(frame, view);
        for (int line = cursor; line != NONE && command == FtpCommand.NONE; line = nextLine(line)) {
            cursor = line + CODE_LENGTH;
            if (isWord(line, PORT_WORD)) {
                parsePort();
            } else if (isWord(line, EPRT_WORD)) {
                parseEprt();
            } else if (isWord(line, PASV_WORD) && isLineEnd()) {
                command = FtpCommand.PASV;
            } else if (isWord(line, EPSV_WORD) && isEpsvArgument()) {
                command = FtpCommand.EPSV;
            }
        }
        return command;
    }

    /** Reads a segment from the server. */
    public FtpCommand parseFromServer(final Frame frame, final PacketView view) {
        begin(frame, view);
        for (int line = cursor; line != NONE && command == FtpCommand.NONE; line = nextLine(line)) {
            if (limit - line < CODE_LENGTH || at(line) != '2' || at(line + 1) != '2' || at(line + 3) != ' ') {
                continue;
            }
            cursor = line + CODE_LENGTH;
            if (at(line + 2) == '7') {
                parsePassiveReply();
            } else if (at(line + 2) == '9') {
                parseExtendedReply();
            }
        }
        return command;
    }

    private void begin(final Frame from, final PacketView view) {
        buffer = from.buffer();
        frame = from;
        command = FtpCommand.NONE;
        address = 0;
        port = 0;
        rangeStart = 0;
        rangeLength = 0;
        delta = 0;
        cursor = view.payloadOffset();
        limit = cursor + Math.min(view.payloadLength(), MAX_SEARCHED);
    }

    private void parsePort() {
        skipBlanks();
        final int start = cursor;
        if (readHostPort() && isLineEnd()) {
            found(FtpCommand.PORT, start);
        }
    }

    private void parseEprt() {
        skipBlanks();
        final int start = cursor;
        final int delimiter = readDelimiter();
        if (delimiter == NONE || readNumber(9) != 1 || !skip(delimiter)) {
            return;
        }
        int host = 0;
        for (int i = 0; i < 4; i++) {
            final int octet = i == 0 || skip('.') ? readNumber(255) : NONE;
            if (octet == NONE) {
                return;
            }
            host = host << 8 | octet;
        }
        final int number = skip(delimiter) ? readNumber(0xFFFF) : NONE;
        if (number > 0 && skip(delimiter) && isLineEnd()) {
            address = host;
            port = number;
            found(FtpCommand.EPRT, start);
        }
    }

    private void parsePassiveReply() {
        final int first = cursor;
        for (int start = first; start < limit && at(start) != '\n'; start++) {
            if (isDigit(start) && !isDigit(start - 1)) {
                cursor = start;
                // the text must end within the segment, or its last digits may be in the next one
                if (readHostPort() && cursor < limit) {
                    found(FtpCommand.PASSIVE_REPLY, start);
                    return;
                }
            }
        }
    }

    private void parseExtendedReply() {
        while (cursor < limit && at(cursor) != '(' && at(cursor) != '\n') {
            cursor++;
        }
        if (!skip('(')) {
            return;
        }
        final int delimiter = readDelimiter();
        if (delimiter == NONE || !skip(delimiter) || !skip(delimiter)) {
            return;
        }
        final int start = cursor;
        final int number = readNumber(0xFFFF);
        if (number > 0 && cursor < limit && at(cursor) == delimiter) {
            port = number;
            found(FtpCommand.EXTENDED_PASSIVE_REPLY, start);
        }
    }

    private void found(final FtpCommand what, final int start) {
        command = what;
        rangeStart = start;
        rangeLength = cursor - start;
    }

    private boolean readHostPort() {
        int host = 0;
        int number = 0;
        for (int i = 0; i < 6; i++) {
            final int octet = i == 0 || skip(',') ? readNumber(255) : NONE;
            if (octet == NONE) {
                return false;
            }
            if (i < 4) {
                host = host << 8 | octet;
            } else {
                number = number << 8 | octet;
            }
        }
        address = host;
        port = number;
        return number != 0;
    }

    private int readNumber(final int max) {
        final int start = cursor;
        int number = 0;
        while (cursor < limit && isDigit(cursor) && cursor - start <= MAX_DIGITS) {
            number = number * 10 + at(cursor) - '0';
            cursor++;
        }
        final int digits = cursor - start;
        return digits == 0 || digits > MAX_DIGITS || number > max ? NONE : number;
    }

    private int readDelimiter() {
        if (cursor < limit && at(cursor) > ' ' && at(cursor) < 127 && !isDigit(cursor)) {
            return at(cursor++);
        }
        return NONE;
    }

    private boolean skip(final int wanted) {
        if (cursor < limit && at(cursor) == wanted) {
            cursor++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (cursor < limit && at(cursor) == ' ') {
            cursor++;
        }
    }

    private boolean isLineEnd() {
        return cursor < limit && (at(cursor) == '\r' || at(cursor) == '\n');
    }

    private boolean isEpsvArgument() {
        if (isLineEnd()) {
            return true;
        }
        if (!skip(' ')) {
            return false;
        }
        // "EPSV ALL" asks for nothing yet; a number asks for a protocol
        return readNumber(9) == 1 && isLineEnd();
    }

    private boolean isWord(final int start, final int[] word) {
        if (limit - start < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if ((at(start + i) & ~0x20) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private int nextLine(final int start) {
        for (int i = start; i < limit; i++) {
            if (at(i) == '\n') {
                return i + 1 < limit ? i + 1 : NONE;
            }
        }
        return NONE;
    }

    private int at(final int index) {
        return buffer.getByte(index) & 0xFF;
    }

    private boolean isDigit(final int index) {
        return at(index) >= '0' && at(index) <= '9';
    }

    /**
     * Puts another address and port into the reply that {@link #parseFromServer} found in the frame, before its own
     * addresses and ports are rewritten. The segment's checksum must be right, as no wrong one may become right;
     * lengths and checksums then follow the new text. An
     * unfinished checksum stays unfinished.
     *
     * @param address for {@link FtpCommand#PASSIVE_REPLY}; the other form names none
     * @param sink gives a new frame if the text does not fit into the old one
     * @return {@link PacketView#OK}, then {@link #frame()} is to be parsed and used on; or the {@link DropReason#id()}
     *     of what hindered it, then the frame is as it was
     */
    public int rewriteReply(
            final Frame reply, final PacketView view, final int address, final int port, final FrameSink sink) {
        if (command == FtpCommand.PASSIVE_REPLY) {
            formatHostPort(address, port);
        } else if (command == FtpCommand.EXTENDED_PASSIVE_REPLY) {
            textLength = 0;
            append(port);
        } else {
            throw new IllegalStateException("no reply to rewrite: " + command);
        }
        final int ip = view.ipOffset();
        if (!view.isTransportChecksumValid()) {
            return DropReason.BAD_TRANSPORT_CHECKSUM.id();
        }
        final int change = textLength - rangeLength;
        final int totalLength = view.totalLength() + change;
        if (totalLength > Ipv4.MAX_TOTAL_LENGTH) {
            return DropReason.TOO_LARGE.id();
        }
        final int tail = rangeStart + rangeLength;
        final int tailLength = ip + view.totalLength() - tail;
        Frame target = reply;
        if (Ethernet.LENGTH + totalLength > reply.capacity()) {
            final Frame larger = sink.allocate(Ethernet.LENGTH + totalLength);
            if (larger == null) {
                return DropReason.NO_SCRATCH.id();
            }
            larger.buffer().putBytes(larger.offset(), reply.buffer(), reply.offset(), rangeStart - reply.offset());
            larger.offload(
                    reply.checksumPartial(),
                    reply.checksumStart(),
                    reply.checksumOffset(),
                    reply.gsoType(),
                    reply.gsoSize(),
                    reply.headerLength());
            larger.port(reply.port());
            larger.vlanTci(reply.vlanTci());
            target = larger;
        }
        final int shift = target.offset() - reply.offset();
        target.buffer().putBytes(tail + change + shift, reply.buffer(), tail, tailLength);
        target.buffer().putBytes(rangeStart + shift, text, 0, textLength);
        target.length(Ethernet.LENGTH + totalLength);
        finish(target.buffer(), ip + shift, view, totalLength);
        frame = target;
        delta = change;
        return PacketView.OK;
    }

    private static void finish(final UnsafeBuffer buffer, final int ip, final PacketView view, final int totalLength) {
        Ipv4.checksum(buffer, ip, Checksums.update16(Ipv4.checksum(buffer, ip), view.totalLength(), totalLength));
        Ipv4.totalLength(buffer, ip, totalLength);
        final int tcp = ip + view.ipHeaderLength();
        final int length = totalLength - view.ipHeaderLength();
        if (view.isChecksumPartial()) {
            Tcp.checksum(buffer, tcp, Checksums.replace16(Tcp.checksum(buffer, tcp), view.transportLength(), length));
            return;
        }
        final int pseudo =
                Checksums.pseudoHeader(Ipv4.source(buffer, ip), Ipv4.destination(buffer, ip), Ipv4.TCP, length);
        Tcp.checksum(buffer, tcp, 0);
        Tcp.checksum(buffer, tcp, Checksums.complement(Checksums.add(pseudo, Checksums.sum(buffer, tcp, length))));
    }

    private void formatHostPort(final int host, final int number) {
        textLength = 0;
        for (int shift = 24; shift >= 0; shift -= 8) {
            append(host >>> shift & 0xFF);
            text[textLength++] = ',';
        }
        append(number >>> 8);
        text[textLength++] = ',';
        append(number & 0xFF);
    }

    private void append(final int number) {
        int divisor = 1;
        while (number / divisor >= 10) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            text[textLength++] = (byte) ('0' + number / divisor % 10);
        }
    }

    /** What the last parsed segment said. */
    public FtpCommand command() {
        return command;
    }

    /** The address that was named, 0 if none. */
    public int address() {
        return address;
    }

    /** The port that was named, 0 if none. */
    public int port() {
        return port;
    }

    /** The frame with the rewritten reply: the one given, or a larger one from the sink. */
    public Frame frame() {
        return frame;
    }

    /** Bytes by which the last rewriting made the payload longer; negative if shorter. */
    public int delta() {
        return delta;
    }
}
