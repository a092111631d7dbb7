package dev.headgate.plugins.headers;

/** A field name that belongs to the plugin, and where its value comes from. */
record OwnedField(String name, ValueSource source) {}
