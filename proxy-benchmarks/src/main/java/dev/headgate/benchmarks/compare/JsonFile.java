package dev.headgate.benchmarks.compare;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The results as JSON: each measurement of each round, and why one is missing. */
final class JsonFile {
  private JsonFile() {}

  static void write(Path file, Machine machine, Comparison.Plan plan, Results results)
      throws IOException {
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(file.toFile(), JsonEncoding.UTF8)
            .useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeStringField("date", machine.date());
      json.writeStringField("processor", machine.processor());
      json.writeNumberField("cores", machine.cores());
      json.writeStringField("jvm", machine.jvm());
      json.writeNumberField("seconds", plan.seconds().toSeconds());
      json.writeNumberField("warmUpSeconds", plan.warmUp().toSeconds());
      json.writeNumberField("rounds", plan.rounds());
      json.writeArrayFieldStart("measurements");
      for (Results.Row row : results.rows()) {
        json.writeStartObject();
        json.writeStringField("case", row.load());
        json.writeStringField("peer", row.peer());
        for (Map.Entry<Figure, Double> figure : row.figures().entrySet()) {
          json.writeNumberField(figure.getKey().name().toLowerCase(Locale.ROOT), figure.getValue());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("notes");
      for (Results.Note note : results.notes()) {
        json.writeStartObject();
        json.writeStringField("case", note.load());
        json.writeStringField("peer", note.peer());
        json.writeStringField("note", note.why());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
