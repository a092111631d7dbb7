package dev.headgate.tck.broken;

import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.MutableHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes all on to the fields within. */
class ForwardingHeaders implements MutableHeaders {
  private final MutableHeaders headers;

  ForwardingHeaders(MutableHeaders headers) {
    this.headers = headers;
  }

  @Override
  public int size() {
    return headers.size();
  }

  @Override
  public String name(int index) {
    return headers.name(index);
  }

  @Override
  public String value(int index) {
    return headers.value(index);
  }

  @Override
  public @Nullable String get(String name) {
    return headers.get(name);
  }

  @Override
  public boolean contains(String name) {
    return headers.contains(name);
  }

  @Override
  public List<String> all(String name) {
    return headers.all(name);
  }

  @Override
  public List<HeaderField> fields() {
    return headers.fields();
  }

  @Override
  public void set(String name, String value) {
    headers.set(name, value);
  }

  @Override
  public void add(String name, String value) {
    headers.add(name, value);
  }

  @Override
  public boolean remove(String name) {
    return headers.remove(name);
  }
}
