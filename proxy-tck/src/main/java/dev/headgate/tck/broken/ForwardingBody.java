package dev.headgate.tck.broken;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import org.jspecify.annotations.Nullable;

/** Passes all on to the body within. */
public class ForwardingBody implements BodySource {
  private final BodySource body;

  /**
   * Wraps it.
   *
   * @param body the body within
   */
  public ForwardingBody(BodySource body) {
    this.body = body;
  }

  @Override
  public @Nullable Content read() {
    return body.read();
  }

  @Override
  public void bulk() {
    body.bulk();
  }

  @Override
  public void demand(Runnable ready) {
    body.demand(ready);
  }

  @Override
  public void abort(Throwable reason) {
    body.abort(reason);
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public @Nullable HeaderList trailers() {
    return body.trailers();
  }
}
