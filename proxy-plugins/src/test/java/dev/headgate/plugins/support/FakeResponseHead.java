package dev.headgate.plugins.support;

import dev.headgate.api.http.ResponseHead;

/** A response's head without the checks of the engine. */
final class FakeResponseHead implements ResponseHead {
  final FakeHeaders headers = new FakeHeaders();
  private int status;

  FakeResponseHead(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public void status(int status) {
    this.status = status;
  }

  @Override
  public FakeHeaders headers() {
    return headers;
  }
}
