package dev.headgate.jetty.http2;

import java.util.Collection;
import java.util.List;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.jspecify.annotations.Nullable;

/**
 * What a request's pseudo fields say, byte for byte: Jetty's own reads it anew, and may change it.
 *
 * @param scheme {@code :scheme}
 * @param authority {@code :authority}
 * @param target {@code :path}
 */
public record RawUri(String scheme, String authority, String target) implements HttpURI {
  @Override
  public Immutable asImmutable() {
    return HttpURI.from(asString());
  }

  @Override
  public String asString() {
    return scheme + "://" + authority + target;
  }

  @Override
  public String getScheme() {
    return scheme;
  }

  @Override
  public String getAuthority() {
    return authority;
  }

  @Override
  public String getPathQuery() {
    return target;
  }

  @Override
  public String getPath() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  @Override
  public @Nullable String getQuery() {
    int question = target.indexOf('?');
    return question < 0 ? null : target.substring(question + 1);
  }

  @Override
  public String getDecodedPath() {
    return getPath();
  }

  @Override
  public String getCanonicalPath() {
    return getPath();
  }

  @Override
  public @Nullable String getFragment() {
    return null;
  }

  @Override
  public String getHost() {
    return authority;
  }

  @Override
  public int getPort() {
    return -1;
  }

  @Override
  public @Nullable String getParam() {
    return null;
  }

  @Override
  public @Nullable String getUser() {
    return null;
  }

  @Override
  public boolean hasAuthority() {
    return true;
  }

  @Override
  public boolean isAbsolute() {
    return true;
  }

  @Override
  public boolean isAmbiguous() {
    return false;
  }

  @Override
  public boolean hasViolations() {
    return false;
  }

  @Override
  public boolean hasViolation(UriCompliance.Violation violation) {
    return false;
  }

  @Override
  public Collection<UriCompliance.Violation> getViolations() {
    return List.of();
  }

  /** Shows nothing: a target may hold secrets. */
  @Override
  public String toString() {
    return "RawUri";
  }
}
