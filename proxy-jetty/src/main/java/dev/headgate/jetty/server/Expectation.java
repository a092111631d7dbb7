package dev.headgate.jetty.server;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request's {@code Expect: 100-continue} (RFC 9110 section 10.1.1). The client is told once, when
 * the body is first wanted, and not once the final response has begun. Who wants the body does not
 * know what is being written, so 100 (Continue) waits for an interim response that is under way,
 * and what is written next waits for it. Thread-safe.
 */
final class Expectation implements Callback {
  private final Runnable writer;

  // Guarded by this.
  private boolean wanted;
  private boolean answered;

  /** Whether an interim response is being written. */
  private boolean writing;

  /** Whether 100 (Continue) is to be written behind it. */
  private boolean due;

  /** Whether 100 (Continue) is being written. */
  private boolean continuing;

  private @Nullable Runnable next;

  /**
   * Takes note of it.
   *
   * @param writer writes 100 (Continue), and completes this callback
   */
  Expectation(Runnable writer) {
    this.writer = writer;
  }

  /** Returns whether a request has one. */
  static boolean isIn(HeaderList headers) {
    String expect = headers.get("Expect");
    return expect != null && expect.equalsIgnoreCase("100-continue");
  }

  /** Whether nobody has wanted the body: it may never come. Once the response has begun. */
  synchronized boolean isUnmet() {
    return !wanted;
  }

  /** The body is wanted. */
  void met() {
    synchronized (this) {
      if (wanted || answered) return;
      wanted = true;
      due = writing;
      continuing = !writing;
      if (due) return;
    }
    writer.run();
  }

  /**
   * Writes an interim response.
   *
   * @param write writes it, and completes what it is given
   * @param done told when it is out
   */
  void interim(Write write, Completion done) {
    Completion counted =
        new Completion() {
          @Override
          public void succeeded() {
            interimOut();
            done.succeeded();
          }

          @Override
          public void failed(Throwable reason) {
            done.failed(reason);
          }
        };
    ordered(() -> write.write(counted), false);
  }

  /** A write that completes what it is given. */
  interface Write {
    void write(Completion done);
  }

  /** Begins the final response. */
  void answer(Runnable write) {
    ordered(write, true);
  }

  private void ordered(Runnable write, boolean last) {
    synchronized (this) {
      answered = last;
      writing = !last;
      if (continuing) {
        next = write;
        return;
      }
    }
    write.run();
  }

  private void interimOut() {
    synchronized (this) {
      writing = false;
      if (!due) return;
      due = false;
      continuing = true;
    }
    writer.run();
  }

  /** 100 (Continue) is out. */
  @Override
  public void succeeded() {
    Runnable write;
    synchronized (this) {
      continuing = false;
      write = next;
      next = null;
    }
    if (write != null) write.run();
  }

  /** Whatever is written next fails as well. */
  @Override
  public void failed(Throwable reason) {
    succeeded();
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
