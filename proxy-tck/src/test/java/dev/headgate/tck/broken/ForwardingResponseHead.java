package dev.headgate.tck.broken;

import dev.headgate.api.http.MutableHeaders;
import dev.headgate.api.http.ResponseHead;

/** Passes all on to the head within. */
class ForwardingResponseHead implements ResponseHead {
  private final ResponseHead head;

  ForwardingResponseHead(ResponseHead head) {
    this.head = head;
  }

  @Override
  public int status() {
    return head.status();
  }

  @Override
  public void status(int status) {
    head.status(status);
  }

  @Override
  public MutableHeaders headers() {
    return head.headers();
  }
}
