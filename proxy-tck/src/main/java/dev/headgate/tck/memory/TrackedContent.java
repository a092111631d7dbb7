package dev.headgate.tck.memory;

import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bytes on loan to the core. After the last release they are overwritten, so that a view kept too
 * long shows rubbish rather than the right bytes.
 */
final class TrackedContent implements Content {
  private static final byte RUBBISH = (byte) 0xDD;

  /** Where it was taken, for the report of a leak. */
  final Throwable takenAt;

  private final Ledger ledger;
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final boolean last;
  private final AtomicInteger references = new AtomicInteger(1);

  TrackedContent(Ledger ledger, String from, byte[] bytes, boolean last) {
    this.ledger = ledger;
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes);
    this.last = last;
    this.takenAt = new Throwable("content of " + bytes.length + " bytes, taken from " + from);
    ledger.opened(this);
  }

  @Override
  public ByteBuffer buffer() {
    if (references.get() <= 0) throw misuse("used after its last release");
    return buffer;
  }

  @Override
  public ByteBuffer bytes() {
    if (references.get() <= 0) throw misuse("used after its last release");
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public int size() {
    return bytes.length;
  }

  @Override
  public boolean last() {
    return last;
  }

  @Override
  public void retain() {
    if (references.getAndUpdate(n -> n <= 0 ? n : n + 1) <= 0) {
      throw misuse("retained after its last release");
    }
  }

  @Override
  public void release() {
    int before = references.getAndUpdate(n -> n <= 0 ? n : n - 1);
    if (before <= 0) throw misuse("released more often than retained");
    if (before > 1) return;
    Arrays.fill(bytes, RUBBISH);
    ledger.closed(this);
  }

  private IllegalStateException misuse(String what) {
    ledger.violation("content " + what, takenAt);
    return new IllegalStateException("content " + what);
  }
}
