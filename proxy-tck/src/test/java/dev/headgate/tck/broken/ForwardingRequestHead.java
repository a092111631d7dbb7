package dev.headgate.tck.broken;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.api.http.MutableHeaders;
import dev.headgate.api.http.RequestHead;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Passes all on to the head within. */
class ForwardingRequestHead implements RequestHead {
  private final RequestHead head;

  ForwardingRequestHead(RequestHead head) {
    this.head = head;
  }

  @Override
  public String method() {
    return head.method();
  }

  @Override
  public void method(String method) {
    head.method(method);
  }

  @Override
  public String scheme() {
    return head.scheme();
  }

  @Override
  public String authority() {
    return head.authority();
  }

  @Override
  public String path() {
    return head.path();
  }

  @Override
  public void path(String path) {
    head.path(path);
  }

  @Override
  public @Nullable String query() {
    return head.query();
  }

  @Override
  public void query(@Nullable String query) {
    head.query(query);
  }

  @Override
  public HttpVersion version() {
    return head.version();
  }

  @Override
  public MutableHeaders headers() {
    return head.headers();
  }

  @Override
  public URI uri() {
    return head.uri();
  }
}
