package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.bytes;
import static dev.headgate.tck.rules.PluginFixtures.gunzip;
import static dev.headgate.tck.rules.PluginFixtures.gzip;
import static dev.headgate.tck.rules.PluginFixtures.seen;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Bodies that plugins change: P-80 to P-86. */
final class ChangedBodyRules {
  private static final TestPlugin.OnChunk SHOUTING =
      (ctx, chunk, out) -> out.emit(bytes(text(chunk).toUpperCase(Locale.ROOT)));

  private static final TestPlugin.OnChunk DOUBLING =
      (ctx, chunk, out) -> {
        for (char c : text(chunk).toCharArray()) out.emit(bytes("" + c + c));
      };

  private static String text(BodyChunk chunk) {
    return StandardCharsets.UTF_8.decode(chunk.bytes()).toString();
  }

  @Rule(
      id = "P-80",
      intent = "with a length-changing plugin the sender's length goes, the body is whole")
  void changedLengthIsNotTold(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin plugin =
        lab.plugin("a").changesBodies().onRequestChunk(DOUBLING).onResponseChunk(DOUBLING);
    Proxy proxy = lab.proxy(origin, plugin);

    ClientExchange exchange = lab.client(proxy).post("/", "abc");
    OriginRequest request = origin.accept();
    assertTruth(request.header("Content-Length"), 6);
    assertEquals("aabbcc", request.readAllText());
    request.respond(200, "wxyz");

    assertEquals("wwxxyyzz", exchange.readAllText());
    assertTruth(exchange.response().header("Content-Length"), 8);
  }

  /** A backend that has all of a changed body at hand may tell its length; it must be that one. */
  private static void assertTruth(@Nullable String contentLength, int length) {
    if (contentLength != null) assertEquals(Integer.toString(length), contentLength);
  }

  @Rule(id = "P-81", intent = "with observers only, Content-Length and validators stay")
  void observedBodyIsAsItWas(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin first = lab.plugin("a").onResponseChunk((ctx, chunk, out) -> {});
    Proxy proxy = lab.proxy(origin, first, lab.plugin("b"));

    ClientExchange exchange =
        lab.client(proxy).post("/", "abc", "Content-Digest", "sha-256=:AA==:");
    OriginRequest request = origin.accept();
    assertEquals("3", request.header("Content-Length"));
    assertEquals("sha-256=:AA==:", request.header("Content-Digest"));
    request.respond(200, "wxyz", "ETag", "\"1\"", "Content-Digest", "sha-256=:BB==:");

    assertEquals("wxyz", exchange.readAllText());
    assertEquals("4", exchange.response().header("Content-Length"));
    assertEquals("\"1\"", exchange.response().header("ETag"));
    assertEquals("sha-256=:BB==:", exchange.response().header("Content-Digest"));
  }

  @Rule(
      id = "P-82",
      intent = "with a changing plugin a strong ETag is weakened, digests are dropped")
  void changedBodyHasNoValidators(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy changing =
        lab.proxy(
            origin,
            lab.plugin("changing")
                .changesBodies()
                .onRequestChunk(DOUBLING)
                .onResponseChunk(DOUBLING));
    Proxy keeping =
        lab.proxy(
            origin,
            lab.plugin("keeping").keepsLength().onRequestChunk(SHOUTING).onResponseChunk(SHOUTING));

    checkValidators(lab, origin, changing, "aabb", null);
    checkValidators(lab, origin, keeping, "AB", "2");
  }

  private static void checkValidators(
      Lab lab, TestOrigin origin, Proxy proxy, String expected, @Nullable String length) {
    String[] digests = {
      "Content-MD5", "AA==",
      "Digest", "sha-256=AA==",
      "Content-Digest", "sha-256=:AA==:",
      "Repr-Digest", "sha-256=:AA==:"
    };
    ClientExchange exchange = lab.client(proxy).post("/", "ab", digests);
    OriginRequest request = origin.accept();
    assertEquals(expected, request.readAllText());
    assertEquals(length, request.header("Content-Length"));
    String[] fields = Arrays.copyOf(digests, digests.length + 2);
    fields[digests.length] = "ETag";
    fields[digests.length + 1] = "\"1\"";
    request.respond(200, "ab", fields);
    assertEquals(expected, exchange.readAllText());
    assertEquals("W/\"1\"", exchange.response().header("ETag"));
    assertEquals(length, exchange.response().header("Content-Length"));
    for (int i = 0; i < digests.length; i += 2) {
      assertNull(request.header(digests[i]), digests[i]);
      assertNull(exchange.response().header(digests[i]), digests[i]);
    }

    ClientExchange weak = lab.client(proxy).get("/");
    origin.accept().respond(200, "ab", "ETag", "W/\"2\"");
    assertEquals(expected, weak.readAllText());
    assertEquals("W/\"2\"", weak.response().header("ETag"));
  }

  @Rule(id = "P-83", intent = "emitting nothing drops the chunk, several buffers go out in order")
  void sinkIsTheBody(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin.OnChunk picky =
        (ctx, chunk, out) -> {
          if (chunk.size() == 0 || text(chunk).equals("drop")) return;
          out.emit(bytes("<"));
          out.emit(ByteBuffer.allocate(0));
          out.emit(bytes("-"));
          out.pass(chunk);
          out.pass(chunk);
          out.emit(bytes(">"));
        };
    TestPlugin plugin =
        lab.plugin("a").changesBodies().onRequestChunk(picky).onResponseChunk(picky);
    Proxy proxy = lab.proxy(origin, plugin);
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();

    exchange.send("drop");
    lab.recorder().await("a", "onRequestChunk");
    exchange.send("keep");
    assertEquals("<-keepkeep>", request.readText(11));
    exchange.end();
    assertEquals("", request.readAllText());
    request.head(200);
    request.send("drop");
    lab.recorder().await("a", "onResponseChunk");
    request.send("kept");
    assertEquals("<-keptkept>", exchange.readText(11));
    request.end();

    assertEquals("", exchange.readAllText());
  }

  @Rule(id = "P-84", intent = "bytes emitted for the last chunk arrive before the end")
  void trailingOutputArrives(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(request -> request.respond(200, request.readAllText()));
    TestPlugin.OnChunk closing =
        (ctx, chunk, out) -> {
          out.pass(chunk);
          if (chunk.last()) {
            out.emit(bytes("-end"));
            out.emit(bytes("!"));
          }
        };
    TestPlugin plugin =
        lab.plugin("a").changesBodies().onRequestChunk(closing).onResponseChunk(closing);
    Proxy proxy = lab.proxy(origin, plugin);

    assertEquals("body-end!-end!", lab.client(proxy).post("/", "body").readAllText());
    ClientExchange stream = lab.client(proxy).stream("POST", "/");
    stream.send("one");
    lab.recorder().await("a", "onRequestChunk", 2);
    stream.end();
    assertEquals("one-end!-end!", stream.readAllText());
    ClientExchange empty = lab.client(proxy).stream("POST", "/");
    empty.end();
    assertEquals("-end!-end!", empty.readAllText());
  }

  @Rule(id = "P-85", intent = "a plugin that needs plain text sees a gzip body decoded")
  void plainTextIsDecoded(Lab lab) throws Exception {
    TestOrigin origin = lab.origin();
    TestPlugin plugin =
        lab.plugin("a")
            .changesBodies()
            .metadata(PluginMetadata.Builder::plainText)
            .onRequestChunk(SHOUTING)
            .onResponseChunk(SHOUTING);
    Proxy proxy = lab.proxy(origin, plugin);

    byte[] upload = gzip("request");
    ClientExchange exchange =
        lab.client(proxy)
            .send(
                "POST",
                "/",
                "Content-Encoding",
                "gzip",
                "Accept-Encoding",
                "gzip",
                "Content-Length",
                "" + upload.length);
    exchange.send(upload);
    exchange.end();
    OriginRequest request = origin.accept();
    assertEquals("gzip", request.header("Content-Encoding"));
    assertEquals("gzip", request.header("Accept-Encoding"));
    assertEquals("REQUEST", gunzip(request.readAll()));
    respondCoded(request, "gzip", gzip("response"));
    byte[] download = exchange.readAll();
    assertEquals("RESPONSE", gunzip(download));
    assertEquals("gzip", exchange.response().header("Content-Encoding"));
    assertTruth(exchange.response().header("Content-Length"), download.length);
    assertEquals("W/\"1\"", exchange.response().header("ETag"));
    assertEquals("request", seen(lab, "a", "onRequestChunk"));
    assertEquals("response", seen(lab, "a", "onResponseChunk"));

    ClientExchange plain = lab.client(proxy).get("/", "Accept-Encoding", "identity");
    respondCoded(origin.accept(), "gzip", gzip("response"));
    assertEquals("RESPONSE", plain.readAllText());
    assertNull(plain.response().header("Content-Encoding"));
  }

  private static void respondCoded(OriginRequest request, String coding, byte[] body) {
    request.head(
        200,
        "ETag",
        "\"1\"",
        "Content-Encoding",
        coding,
        "Content-Length",
        Integer.toString(body.length));
    request.send(body);
    request.end();
  }

  @Rule(
      id = "P-86",
      intent = "a body in an unknown coding ends in an error, or passes a FAIL_OPEN plugin unseen")
  void undecodableBodyFollowsThePolicy(Lab lab) {
    TestOrigin origin = lab.origin();
    byte[] coded = {0, 1, 2, 'x', (byte) 0xff};
    TestPlugin closed =
        lab.plugin("closed").metadata(PluginMetadata.Builder::plainText).failClosed();
    TestPlugin open = lab.plugin("open").metadata(PluginMetadata.Builder::plainText);
    Proxy refusing = lab.proxy(origin, closed);
    Proxy passing = lab.proxy(origin, open, lab.plugin("other"));

    ClientExchange refused = sendCoded(lab, refusing, coded);
    assertError(500, "plugin_failed", refused);
    assertEquals(0, origin.requests());
    ClientExchange answered = lab.client(refusing).get("/");
    OriginRequest request = origin.accept();
    request.head(200, "Content-Encoding", "x-unknown");
    assertError(500, "plugin_failed", answered);
    request.awaitAborted();
    assertEquals("", seen(lab, "closed", "onResponseChunk"));

    ClientExchange uploaded = sendCoded(lab, passing, coded);
    OriginRequest passed = origin.accept();
    assertArrayEquals(coded, passed.readAll());
    assertEquals("x-unknown", passed.header("Content-Encoding"));
    passed.respond(200, "ok");
    assertEquals("ok", uploaded.readAllText());
    ClientExchange download = lab.client(passing).get("/");
    respondCoded(origin.accept(), "x-unknown", coded);
    assertArrayEquals(coded, download.readAll());
    assertEquals("x-unknown", download.response().header("Content-Encoding"));
    String note = String.valueOf(download.response().header("Proxy-Status"));
    assertTrue(note.contains("open") && note.contains("onResponseChunk"), note);
    assertEquals(0, lab.recorder().count("open", "onRequestChunk"));
    assertEquals(0, lab.recorder().count("open", "onResponseChunk"));
    assertTrue(lab.recorder().count("other", "onResponseChunk") > 0);
  }

  @Rule(id = "P-87", intent = "206 and no-transform keep their body from plugins that change it")
  void partsStayAsTheyAre(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin open = lab.plugin("open").changesBodies().onResponseChunk(SHOUTING);
    Proxy proxy = lab.proxy(origin, lab.plugin("observer"), open);

    ClientExchange part = lab.client(proxy).get("/", "Range", "bytes=0-3");
    origin.accept().respond(206, "part", "Content-Range", "bytes 0-3/9", "ETag", "\"1\"");
    assertEquals("part", part.readAllText());
    assertEquals("\"1\"", part.response().header("ETag"));
    assertEquals("4", part.response().header("Content-Length"));
    String note = String.valueOf(part.response().header("Proxy-Status"));
    assertTrue(note.contains("open") && note.contains("no-transform"), note);

    ClientExchange fixed = lab.client(proxy).get("/");
    origin.accept().respond(200, "fixed", "Cache-Control", "private, No-Transform");
    assertEquals("fixed", fixed.readAllText());
    assertEquals("partfixed", seen(lab, "observer", "onResponseChunk"));

    ClientExchange other = lab.client(proxy).get("/");
    origin.accept().respond(200, "other", "Cache-Control", "no-store");
    assertEquals("OTHER", other.readAllText());

    TestPlugin closed = lab.plugin("closed").changesBodies().failClosed().onResponseChunk(SHOUTING);
    ClientExchange forced = lab.client(lab.proxy(origin, closed)).get("/");
    origin.accept().respond(200, "forced", "Cache-Control", "no-transform");
    assertEquals("FORCED", forced.readAllText());
  }

  private static ClientExchange sendCoded(Lab lab, Proxy proxy, byte[] body) {
    ClientExchange exchange =
        lab.client(proxy)
            .send("POST", "/", "Content-Encoding", "x-unknown", "Content-Length", "" + body.length);
    exchange.send(body);
    exchange.end();
    return exchange;
  }
}
