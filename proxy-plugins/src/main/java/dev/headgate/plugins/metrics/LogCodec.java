package dev.headgate.plugins.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.headgate.plugins.metrics.Delta.ExchangeFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The lines of the log. Each is a JSON object of its own:
 *
 * <pre>{@code
 * {"type":"delta","id":…,"timestamp":…,"syncStatus":"pending","requestId":…,"requests":1,…}
 * {"type":"batch","id":<idempotency key>,"timestamp":…,"syncStatus":"pending","deltas":2,"body":…}
 * {"type":"delta","id":…,"timestamp":…,"syncStatus":"synced",…,"batch":<key>,"syncedAt":…}
 * }</pre>
 *
 * <p>Stateless.
 */
final class LogCodec {
  private static final String TYPE = "type";
  private static final String DELTA = "delta";
  private static final String BATCH = "batch";
  private static final String ID = "id";
  private static final String STATUS = "syncStatus";
  private static final String PENDING = "pending";
  private static final String SYNCED = "synced";
  private static final String SYNCED_AT = "syncedAt";

  private LogCodec() {}

  /** Renders a delta that the API has not taken, with a line break. */
  static byte[] pending(Delta delta) throws IOException {
    return line(
        json -> {
          json.writeStringField(TYPE, DELTA);
          json.writeStringField(ID, delta.id());
          json.writeStringField("timestamp", delta.at().toString());
          json.writeStringField(STATUS, PENDING);
          if (delta.merged() > 1) json.writeNumberField("merged", delta.merged());
          if (delta.exchange() != null) writeFacts(json, delta.exchange());
          writeTotals(json, delta.totals());
        });
  }

  /** Renders the line that puts all pending deltas above it into a batch, with a line break. */
  static byte[] sealed(Batch batch, Instant now) throws IOException {
    return line(
        json -> {
          json.writeStringField(TYPE, BATCH);
          json.writeStringField(ID, batch.key());
          json.writeStringField("timestamp", now.toString());
          json.writeStringField(STATUS, PENDING);
          json.writeNumberField("deltas", batch.deltas());
          json.writeStringField("body", batch.body());
        });
  }

  /** Renders the line of a pending delta anew, as taken by the API; all else in it is kept. */
  static byte[] synced(byte[] pending, String key, Instant now) throws IOException {
    return line(
        json -> {
          try (JsonParser parser = Json.parser(pending)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
              String name = parser.currentName();
              parser.nextToken();
              if (name.equals(STATUS)) {
                json.writeStringField(STATUS, SYNCED);
              } else {
                json.writeFieldName(name);
                json.copyCurrentStructureExact(parser);
              }
            }
          }
          json.writeStringField(BATCH, key);
          json.writeStringField(SYNCED_AT, now.toString());
        });
  }

  /** Reads a line. */
  static LogLine read(byte[] line) {
    try (JsonParser parser = Json.parser(line)) {
      return new Fields().read(parser).toLine();
    } catch (IOException | DateTimeException e) {
      return new LogLine.Foreign(e.getClass().getSimpleName());
    }
  }

  private static void writeFacts(JsonGenerator json, ExchangeFacts facts) throws IOException {
    json.writeStringField("requestId", facts.requestId());
    Json.writeIfPresent(json, "route", facts.route());
    Json.writeIfPresent(json, "provider", facts.provider());
    Json.writeIfPresent(json, "model", facts.model());
    json.writeNumberField("status", facts.status());
    json.writeStringField("outcome", facts.outcome());
    Json.writeIfPresent(json, "error", facts.error());
  }

  private static void writeTotals(JsonGenerator json, Totals totals) throws IOException {
    if (totals.requests() > 0) {
      json.writeNumberField("requests", totals.requests());
      json.writeNumberField("errors", totals.errors());
      json.writeNumberField("requestBytes", totals.requestBytes());
      json.writeNumberField("responseBytes", totals.responseBytes());
      json.writeNumberField("durationMicros", totals.durationMicros());
    }
    if (!totals.counters().isEmpty()) Json.writeCounters(json, totals.counters());
  }

  private static byte[] line(Json.Fields fields) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    Json.writeObject(out, fields);
    out.write('\n');
    return out.toByteArray();
  }

  /** The fields of a line that matter here, as they are met. */
  private static final class Fields {
    private String type = DELTA;
    private @Nullable String id;
    private @Nullable String status;
    private @Nullable String body;
    private Instant timestamp = Instant.EPOCH;
    private long merged = 1;
    private long deltas;
    private long requests;
    private long errors;
    private long requestBytes;
    private long responseBytes;
    private long durationMicros;
    private Map<String, Counter> counters = Map.of();

    Fields read(JsonParser parser) throws IOException {
      Json.expect(parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case TYPE -> type = Json.string(parser);
          case ID -> id = Json.string(parser);
          case STATUS -> status = Json.string(parser);
          case "body" -> body = Json.string(parser);
          case "timestamp" -> timestamp = Instant.parse(Json.string(parser));
          case "merged" -> merged = Json.amount(parser);
          case "deltas" -> deltas = Json.amount(parser);
          case "requests" -> requests = Json.amount(parser);
          case "errors" -> errors = Json.amount(parser);
          case "requestBytes" -> requestBytes = Json.amount(parser);
          case "responseBytes" -> responseBytes = Json.amount(parser);
          case "durationMicros" -> durationMicros = Json.amount(parser);
          case "counters" -> counters = counters(parser);
          default -> parser.skipChildren();
        }
      }
      Json.expect(parser.currentToken(), JsonToken.END_OBJECT);
      return this;
    }

    LogLine toLine() {
      if (type.equals(BATCH) && id != null && body != null) {
        return new LogLine.Sealed(new Batch(id, body, deltas));
      }
      if (!type.equals(DELTA) || id == null) return new LogLine.Foreign("neither delta nor batch");
      if (SYNCED.equals(status)) return new LogLine.Synced(id);
      if (!PENDING.equals(status)) return new LogLine.Foreign("unknown " + STATUS);
      Totals totals =
          new Totals(requests, errors, requestBytes, responseBytes, durationMicros, counters);
      return new LogLine.Pending(id, timestamp, merged, totals);
    }

    private static Map<String, Counter> counters(JsonParser parser) throws IOException {
      Json.expect(parser.currentToken(), JsonToken.START_OBJECT);
      Map<String, Counter> counters = new TreeMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        Json.expect(parser.nextToken(), JsonToken.START_OBJECT);
        long sum = 0;
        long count = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String part = parser.currentName();
          parser.nextToken();
          switch (part) {
            case "sum" -> sum = Json.amount(parser);
            case "count" -> count = Json.amount(parser);
            default -> parser.skipChildren();
          }
        }
        counters.put(name, new Counter(sum, count));
      }
      return counters;
    }
  }
}
