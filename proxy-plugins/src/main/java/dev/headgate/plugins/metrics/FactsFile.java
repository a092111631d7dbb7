package dev.headgate.plugins.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.headgate.api.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file that says whose metrics lie beside it: the session's facts, whether it runs, and how its
 * last sync went. For people and programs to read; nothing here depends on it. Fields that others
 * put into it are kept. Each method replaces the file as a whole, under the session's lock.
 */
final class FactsFile {
  private static final String STARTED_AT = "startedAt";
  private static final String LAST_SYNC = "lastSync";
  private static final Set<String> OURS =
      Set.of("id", "agent", "profile", "provider", "model", "status", "updatedAt");

  private final SessionLock lock;
  private final Path file;
  private final Session session;
  private final Clock clock;
  private final Instant begin;

  /** Makes one for a session that begins now, unless the file knows an earlier beginning. */
  FactsFile(SessionLock lock, Path file, Session session, Clock clock) {
    this.lock = lock;
    this.file = file;
    this.session = session;
    this.clock = clock;
    this.begin = clock.instant();
  }

  /**
   * Writes the facts.
   *
   * @param running whether the proxy runs
   * @param sync how the last sync ended; null to leave what is there
   */
  void write(boolean running, @Nullable SyncResult sync) throws IOException {
    lock.exclusively(
        () -> {
          byte[] old = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
          ByteArrayOutputStream content = new ByteArrayOutputStream(512);
          Json.writeObject(
              content,
              json -> {
                writeFacts(json, running);
                boolean started = keep(json, old, sync == null);
                if (!started) json.writeStringField(STARTED_AT, begin.toString());
                if (sync != null) writeSync(json, sync);
              });
          content.write('\n');
          DurableFiles.replace(file, content::writeTo);
          return true;
        });
  }

  private void writeFacts(JsonGenerator json, boolean running) throws IOException {
    json.writeStringField("id", session.id());
    Json.writeIfPresent(json, "agent", session.agent());
    Json.writeIfPresent(json, "profile", session.profile());
    Json.writeIfPresent(json, "provider", session.provider());
    Json.writeIfPresent(json, "model", session.model());
    json.writeStringField("status", running ? "running" : "stopped");
    json.writeStringField("updatedAt", clock.instant().toString());
  }

  private void writeSync(JsonGenerator json, SyncResult sync) throws IOException {
    json.writeObjectFieldStart(LAST_SYNC);
    json.writeStringField("at", clock.instant().toString());
    json.writeStringField("result", sync.kind().label());
    if (sync.status() > 0) json.writeNumberField("status", sync.status());
    json.writeNumberField("deltas", sync.deltas());
    json.writeEndObject();
  }

  /** Copies what is not rewritten; returns whether the file said when the session had begun. */
  private static boolean keep(JsonGenerator json, byte[] old, boolean keepSync) throws IOException {
    if (old.length == 0) return false;
    boolean started = false;
    try (JsonParser parser = Json.parser(old)) {
      Json.expect(parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (OURS.contains(name) || (name.equals(LAST_SYNC) && !keepSync)) {
          parser.skipChildren();
        } else {
          json.writeFieldName(name);
          json.copyCurrentStructureExact(parser);
          started |= name.equals(STARTED_AT);
        }
      }
      Json.expect(parser.currentToken(), JsonToken.END_OBJECT);
    }
    return started;
  }
}
