package dev.headgate.plugins.metrics;

import dev.headgate.api.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders the metric that the API gets: the name, the attributes (those of the session, replaced or
 * joined by the configured ones), the time from the first to the last delta, and the sums.
 */
final class MetricBody implements Batch.Renderer {
  private final String name;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final Clock clock;

  MetricBody(MetricsSettings settings, Session session, Clock clock) {
    this.name = settings.name();
    this.clock = clock;
    put("session_id", session.id());
    put("agent", session.agent());
    put("profile", session.profile());
    put("provider", session.provider());
    put("model", session.model());
    attributes.putAll(settings.attributes());
  }

  @Override
  public String render(String key, Aggregate sum) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    Totals totals = sum.totals();
    try {
      Json.writeObject(
          out,
          json -> {
            json.writeStringField("name", name);
            json.writeStringField("id", key);
            json.writeStringField("timestamp", clock.instant().toString());
            json.writeStringField("from", sum.first().toString());
            json.writeStringField("to", sum.last().toString());
            json.writeObjectFieldStart("attributes");
            for (Map.Entry<String, String> attribute : attributes.entrySet()) {
              json.writeStringField(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("count", sum.deltas());
            json.writeNumberField("requests", totals.requests());
            json.writeNumberField("errors", totals.errors());
            json.writeNumberField("requestBytes", totals.requestBytes());
            json.writeNumberField("responseBytes", totals.responseBytes());
            json.writeNumberField("durationMillis", totals.durationMicros() / 1000);
            Json.writeCounters(json, totals.counters());
          });
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private void put(String attribute, @Nullable String value) {
    if (value != null) attributes.put(attribute, value);
  }
}
