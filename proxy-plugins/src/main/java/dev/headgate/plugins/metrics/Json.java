package dev.headgate.plugins.metrics;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON; thread-safe. */
final class Json {
  /** Escapes all but ASCII, so that no text at all, not even half a surrogate pair, fails. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  static JsonParser parser(byte[] bytes) throws IOException {
    return FACTORY.createParser(bytes);
  }

  static void writeObject(OutputStream out, Fields fields) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
      json.writeStartObject();
      fields.writeTo(json);
      json.writeEndObject();
    }
  }

  static void writeIfPresent(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) json.writeStringField(name, value);
  }

  static void writeCounters(JsonGenerator json, Map<String, Counter> counters) throws IOException {
    json.writeObjectFieldStart("counters");
    for (Map.Entry<String, Counter> entry : counters.entrySet()) {
      json.writeObjectFieldStart(entry.getKey());
      json.writeNumberField("sum", entry.getValue().sum());
      json.writeNumberField("count", entry.getValue().count());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  static void expect(@Nullable JsonToken actual, JsonToken expected) throws IOException {
    if (actual != expected) throw new IOException("expected " + expected + ", but was " + actual);
  }

  static String string(JsonParser parser) throws IOException {
    expect(parser.currentToken(), JsonToken.VALUE_STRING);
    return parser.getText();
  }

  /** Reads a whole number of 0 or more. */
  static long amount(JsonParser parser) throws IOException {
    expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT);
    long value = parser.getLongValue();
    if (value < 0) throw new IOException("expected 0 or more, but was " + value);
    return value;
  }

  /** Writes the fields of an object. */
  @FunctionalInterface
  interface Fields {
    void writeTo(JsonGenerator json) throws IOException;
  }
}
