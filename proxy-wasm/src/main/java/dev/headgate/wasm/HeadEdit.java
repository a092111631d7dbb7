package dev.headgate.wasm;

import dev.headgate.api.http.MutableHeaders;

/** A change to the fields of a head that a guest has asked for, made after its call. */
sealed interface HeadEdit {
  String name();

  void apply(MutableHeaders headers);

  /** Returns how many characters it holds. */
  int size();

  /** One line in place of all of that name. */
  record Set(String name, String value) implements HeadEdit {
    @Override
    public int size() {
      return name.length() + value.length();
    }

    @Override
    public void apply(MutableHeaders headers) {
      headers.set(name, value);
    }
  }

  /** One line more. */
  record Add(String name, String value) implements HeadEdit {
    @Override
    public int size() {
      return name.length() + value.length();
    }

    @Override
    public void apply(MutableHeaders headers) {
      headers.add(name, value);
    }
  }

  /** No line of that name. */
  record Remove(String name) implements HeadEdit {
    @Override
    public int size() {
      return name.length();
    }

    @Override
    public void apply(MutableHeaders headers) {
      headers.remove(name);
    }
  }
}
