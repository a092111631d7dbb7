package dev.headgate.plugins.support;

import dev.headgate.api.http.FieldSyntax;
import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.MutableHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields that may be written only while their head may, with the checks that the contract promises.
 */
public final class FakeHeaders implements MutableHeaders {
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  boolean writable;

  /** What the client or the upstream sent; takes what a parser would have taken. */
  void receive(String name, String value) {
    names.add(name);
    values.add(value);
  }

  /** Forgets all lines, whoever may write. */
  public void clear() {
    names.clear();
    values.clear();
  }

  /** Returns all lines as {@code name: value}. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    forEach((name, value) -> lines.add(name + ": " + value));
    return lines;
  }

  @Override
  public int size() {
    return names.size();
  }

  @Override
  public String name(int index) {
    return names.get(index);
  }

  @Override
  public String value(int index) {
    return values.get(index);
  }

  @Override
  public @Nullable String get(String name) {
    int index = indexOf(name);
    return index < 0 ? null : values.get(index);
  }

  @Override
  public boolean contains(String name) {
    return indexOf(name) >= 0;
  }

  @Override
  public List<String> all(String name) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) found.add(values.get(i));
    }
    return List.copyOf(found);
  }

  @Override
  public List<HeaderField> fields() {
    List<HeaderField> fields = new ArrayList<>();
    forEach((name, value) -> fields.add(new HeaderField(name, value)));
    return List.copyOf(fields);
  }

  @Override
  public void set(String name, String value) {
    check(name, value);
    int first = indexOf(name);
    if (first < 0) {
      receive(name, value);
      return;
    }
    names.set(first, name);
    values.set(first, value);
    removeFrom(first + 1, name);
  }

  @Override
  public void add(String name, String value) {
    check(name, value);
    receive(name, value);
  }

  @Override
  public boolean remove(String name) {
    requireWritable();
    return removeFrom(0, name);
  }

  private boolean removeFrom(int from, String name) {
    boolean found = false;
    for (int i = names.size() - 1; i >= from; i--) {
      if (!names.get(i).equalsIgnoreCase(name)) continue;
      names.remove(i);
      values.remove(i);
      found = true;
    }
    return found;
  }

  private int indexOf(String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) return i;
    }
    return -1;
  }

  private void check(String name, String value) {
    requireWritable();
    FieldSyntax.requireName(name);
    FieldSyntax.requireValue(name, value);
  }

  private void requireWritable() {
    if (!writable) throw new IllegalStateException("the head may not be written now");
  }
}
