package dev.headgate.jetty.http2;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.compression.EncodingException;
import org.eclipse.jetty.http.compression.HuffmanDecoder;
import org.eclipse.jetty.http.compression.NBitIntegerDecoder;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's decoder of field blocks, which also reads on behind a value that it can't take: an {@code
 * :authority} that is none, a {@code content-length} or a {@code :status} that is no number. Those
 * make a message malformed, which is an error of its stream (RFC 9113 section 8.1.1); Jetty's ends
 * the connection, as its table lacks a field that the peer's has. Of the thread that parses.
 */
public final class FieldDecoder extends HpackDecoder {
  /** What Jetty's says of a target that it can't read, and this one of an authority. */
  public static final String INVALID_TARGET = "Invalid URI";

  /** A peer of good faith has one, if any; each costs an exception, and perhaps only a byte. */
  private static final int MOST_FAULTS = 16;

  private static final int INDEXED = 0x80;
  private static final int INDEXED_BITS = 7;
  private static final int ADDED = 0x40;
  private static final int ADDED_BITS = 6;
  private static final int TABLE_SIZE = 0x20;
  private static final int TABLE_SIZE_BITS = 5;
  private static final int NOT_ADDED_BITS = 4;
  private static final int HUFFMAN = 0x80;
  private static final int LENGTH_BITS = 7;

  private final NBitIntegerDecoder integers = new NBitIntegerDecoder();
  private final HuffmanDecoder huffman = new HuffmanDecoder();

  /**
   * Makes a decoder.
   *
   * @param maxListBytes how long a list of fields may be
   */
  public FieldDecoder(int maxListBytes) {
    super(maxListBytes, NanoTime::now);
  }

  @Override
  public MetaData decode(ByteBuffer block)
      throws HpackException.SessionException, HpackException.StreamException {
    HpackException.StreamException fault = null;
    int faults = 0;
    while (true) {
      int from = block.position();
      try {
        MetaData message = super.decode(block);
        if (fault == null) return message;
        throw fault;
      } catch (HpackException.SessionException e) {
        HpackException.StreamException found = malformed(e);
        if (found == null || ++faults > MOST_FAULTS) throw e;
        if (fault == null) fault = found;
        remember(block, from);
      } catch (HpackException.StreamException e) {
        throw fault == null ? e : fault;
      }
    }
  }

  /** What only the value of a field has caused; null for all else. */
  private static HpackException.@Nullable StreamException malformed(
      HpackException.SessionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof HttpException.RuntimeException) {
      return new HpackException.StreamException(cause, true, false, INVALID_TARGET);
    }
    if (cause instanceof NumberFormatException) {
      return new HpackException.StreamException(cause, false, false, "Not a number");
    }
    return null;
  }

  /** Puts the field that was read last into the table, if the peer has put it into its own. */
  private void remember(ByteBuffer block, int from) throws HpackException.SessionException {
    ByteBuffer read = block.duplicate().limit(block.position()).position(from);
    int last = from;
    while (read.hasRemaining()) {
      last = read.position();
      skip(read);
    }
    read.position(last);
    int kind = read.get(last);
    if ((kind & (INDEXED | ADDED)) != ADDED) return;
    int index = integer(read, ADDED_BITS);
    String name = index == 0 ? text(read) : getHpackContext().get(index).getHttpField().getName();
    HttpHeader header = HttpHeader.CACHE.get(name);
    getHpackContext().add(new HttpField(header, name, text(read)));
  }

  /** Skips a field, or a change of the table's size (RFC 7541 section 6). */
  private void skip(ByteBuffer read) {
    int kind = read.get(read.position());
    if ((kind & INDEXED) != 0) {
      integer(read, INDEXED_BITS);
    } else if ((kind & (ADDED | TABLE_SIZE)) == TABLE_SIZE) {
      integer(read, TABLE_SIZE_BITS);
    } else {
      int name = integer(read, (kind & ADDED) != 0 ? ADDED_BITS : NOT_ADDED_BITS);
      if (name == 0) skipText(read);
      skipText(read);
    }
  }

  private void skipText(ByteBuffer read) {
    int length = integer(read, LENGTH_BITS);
    read.position(read.position() + length);
  }

  private String text(ByteBuffer read) throws HpackException.SessionException {
    boolean coded = (read.get(read.position()) & HUFFMAN) != 0;
    int length = integer(read, LENGTH_BITS);
    if (!coded) return toISO88591String(read, length);
    huffman.setLength(length);
    try {
      return huffman.decode(read);
    } catch (EncodingException e) {
      throw new HpackException.CompressionException(e, "a text that was read before");
    } finally {
      huffman.reset();
    }
  }

  private int integer(ByteBuffer read, int bits) {
    integers.setPrefix(bits);
    return integers.decodeInt(read);
  }
}
