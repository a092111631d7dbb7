package dev.headgate.tck.lab;

import dev.headgate.api.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What both sides of an exchange have in common: one body is read and another is written, each by
 * its own half.
 *
 * @param <R> the half that reads
 * @param <W> the half that writes
 */
public abstract class Dialogue<R extends BodyReader, W extends BodyWriter>
    implements BodyReader, BodyWriter {
  /** The half that reads. */
  protected final R reader;

  private final @Nullable W writer;

  /**
   * Joins two halves.
   *
   * @param reader what reads
   * @param writer what writes; null when there is no body to write
   */
  protected Dialogue(R reader, @Nullable W writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /**
   * Returns the half that writes.
   *
   * @return what writes
   * @throws IllegalStateException when there is no body to write
   */
  protected final W writer() {
    if (writer == null) throw new IllegalStateException("there is no body to write");
    return writer;
  }

  /** Is called before the body is read; does nothing by default. */
  protected void beforeReading() {}

  @Override
  public final byte[] read(int bytes) {
    beforeReading();
    return reader.read(bytes);
  }

  @Override
  public final byte[] readSome() {
    beforeReading();
    return reader.readSome();
  }

  @Override
  public final byte[] readAll() {
    beforeReading();
    return reader.readAll();
  }

  @Override
  public final long drain() {
    beforeReading();
    return reader.drain();
  }

  @Override
  public Ending ending() {
    return reader.ending();
  }

  @Override
  public final @Nullable Headers trailers() {
    return reader.trailers();
  }

  @Override
  public final void send(byte[] bytes) {
    writer().send(bytes);
  }

  @Override
  public final long sendUntilStalled(long maxBytes) {
    return writer().sendUntilStalled(maxBytes);
  }

  @Override
  public void end(String... trailers) {
    writer().end(trailers);
  }
}
