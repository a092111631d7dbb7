package dev.headgate.plugins.support;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.api.http.RequestHead;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A request's head without the checks of the engine. */
final class FakeRequestHead implements RequestHead {
  final FakeHeaders headers = new FakeHeaders();
  String method = "GET";
  String authority = "proxy.example";
  String path = "/";
  @Nullable String query;

  @Override
  public String method() {
    return method;
  }

  @Override
  public void method(String method) {
    this.method = method;
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public void path(String path) {
    this.path = path;
  }

  @Override
  public @Nullable String query() {
    return query;
  }

  @Override
  public void query(@Nullable String query) {
    this.query = query;
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public FakeHeaders headers() {
    return headers;
  }

  @Override
  public URI uri() {
    return URI.create(scheme() + "://" + authority + path + (query == null ? "" : "?" + query));
  }
}
