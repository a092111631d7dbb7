package dev.headgate.jetty.http2;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.frames.SettingsFrame;

/**
 * Makes the values of settings legible to Jetty. They have 32 bits without a sign (RFC 9113 section
 * 6.5.1), and a peer may say "without limit" by the largest; Jetty reads them with a sign, and
 * breaks the connection. Those that have no largest legal value are brought down to what Jetty
 * takes, and a list of fields of no length at all, which Jetty refuses, up to that. Of the thread
 * that parses.
 */
public final class UnsignedSettings {
  private static final int HEADER_BYTES = 9;
  private static final int LENGTH_BYTES = 3;
  private static final int ENTRY_BYTES = 6;
  private static final int LAST = ENTRY_BYTES - 1;
  private static final byte LARGEST = 0x7f;
  private static final byte SMALLEST = 1;

  private int headerBytes;
  private int length;
  private int type;

  /** How much of a frame of settings is to come, and where in an entry that begins. */
  private int left;

  private int offset;
  private int id;
  private boolean zero;

  /** Makes one for a connection. */
  public UnsignedSettings() {}

  /**
   * Looks at bytes of a frame's header, before they are parsed.
   *
   * @param buffer the header's, and what follows it; not moved
   */
  public void header(ByteBuffer buffer) {
    for (int i = buffer.position(); i < buffer.limit() && headerBytes < HEADER_BYTES; i++) {
      if (headerBytes < LENGTH_BYTES) length = length << Byte.SIZE | (buffer.get(i) & 0xff);
      if (headerBytes == LENGTH_BYTES) type = buffer.get(i);
      headerBytes++;
    }
    if (headerBytes < HEADER_BYTES) return;
    left = type == FrameType.SETTINGS.getType() ? length : 0;
    offset = 0;
    headerBytes = 0;
    length = 0;
  }

  /**
   * Looks at bytes of a frame's payload, before they are parsed, and changes them where needed.
   *
   * @param buffer the payload's, and what follows it; not moved
   */
  public void payload(ByteBuffer buffer) {
    for (int i = buffer.position(); i < buffer.limit() && left > 0; i++) {
      byte next = buffer.get(i);
      if (offset < 2) id = (id << Byte.SIZE | (next & 0xff)) & 0xffff;
      boolean unlimited =
          id == SettingsFrame.HEADER_TABLE_SIZE || id == SettingsFrame.MAX_HEADER_LIST_SIZE;
      if (offset == 2 && unlimited && next < 0) buffer.put(i, LARGEST);
      zero = next == 0 && (zero || offset == 2);
      boolean nothing = offset == LAST && zero && id == SettingsFrame.MAX_HEADER_LIST_SIZE;
      if (nothing) buffer.put(i, SMALLEST);
      offset = (offset + 1) % ENTRY_BYTES;
      left--;
    }
  }
}
