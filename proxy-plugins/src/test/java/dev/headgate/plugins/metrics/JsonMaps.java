package dev.headgate.plugins.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON objects into maps, so that tests see what is in a file without the plugin's codec. */
final class JsonMaps {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonMaps() {}

  static Map<String, Object> parse(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      return object(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  /** Reads a JSONL file; none when it is not there. */
  static List<Map<String, Object>> lines(Path file) throws IOException {
    if (!Files.exists(file)) return List.of();
    return Files.readAllLines(file).stream().map(JsonMaps::parse).toList();
  }

  /** Follows names inwards. */
  static Object at(Map<String, Object> object, String... names) {
    Object value = object;
    for (String name : names) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  /** Follows names inwards to a number; 0 when there is none. */
  static long number(Map<String, Object> object, String... names) {
    return at(object, names) instanceof Long number ? number : 0;
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) throw new IOException("no object");
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      object.put(
          name,
          switch (parser.nextToken()) {
            case START_OBJECT -> object(parser);
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> parser.getText();
          });
    }
    return object;
  }
}
