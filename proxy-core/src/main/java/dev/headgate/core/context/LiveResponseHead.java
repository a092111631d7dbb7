package dev.headgate.core.context;

import dev.headgate.api.http.ResponseHead;
import dev.headgate.core.http.HeaderList;

/**
 * The response's head of an exchange, with one level of undo. Not thread-safe: see {@link
 * CallContext}.
 */
public final class LiveResponseHead implements ResponseHead {
  private final HeaderList headers;
  private int status;
  private int markedStatus;

  /**
   * Makes a head.
   *
   * @param status the status as received
   * @param headers the fields, owned by the head from now on
   */
  public LiveResponseHead(int status, HeaderList headers) {
    this.status = status;
    this.markedStatus = status;
    this.headers = headers;
    headers.writer(null);
  }

  LiveResponseHead copy() {
    return new LiveResponseHead(status, headers.copy());
  }

  void adopt(LiveResponseHead other) {
    status = other.status;
    headers.adopt(other.headers);
  }

  void mark() {
    markedStatus = status;
    headers.mark();
  }

  void rollback() {
    status = markedStatus;
    headers.rollback();
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public void status(int value) {
    headers.requireWritable();
    if (status == 101) {
      throw new IllegalStateException(
          "status 101 can't be changed, as the upstream has switched; replace the response");
    }
    if (value < 200 || value > 599) {
      throw new IllegalArgumentException("status must be 200 to 599, but was " + value);
    }
    status = value;
  }

  @Override
  public HeaderList headers() {
    return headers;
  }
}
