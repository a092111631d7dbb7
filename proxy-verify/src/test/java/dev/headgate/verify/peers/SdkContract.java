package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Outcome;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An official SDK for Node as the client; the upstream speaks its API. */
abstract class SdkContract {
  @RegisterExtension final Stage stage = new Stage();

  private final Sdk sdk;

  SdkContract(Sdk sdk) {
    this.sdk = sdk;
  }

  /** Takes longer than a test may. */
  @BeforeAll
  @Timeout(300)
  static void installs() throws Exception {
    NodeModules.prepare();
  }

  @Test
  void getsAnAnswerInOnePiece() throws Exception {
    Peer node = node("create");
    Served request = take();
    assertTrue(request.text().contains(sdk.question()));
    request.answer(200, "application/json", sdk.answer()).finish();
    assertEquals(List.of(sdk.answer()), node.rest());
    assertEquals(0, node.exit());
  }

  @Test
  void usesItsConnectionsAgain() throws Exception {
    stage
        .upstream()
        .script(
            request -> {
              assertTrue(request.text().contains(sdk.question()));
              request.answer(200, "application/json", sdk.answer());
            });
    Peer node = node("tenTimes");
    assertEquals(Collections.nCopies(10, sdk.answer()), node.rest());
    // The second call begins before Node has put the first one's connection back.
    int connections = stage.witness().clientConnections();
    assertTrue(connections <= 2, () -> connections + " connections for ten calls");
  }

  @Test
  void seesEachEventBeforeTheNextIsSent() throws Exception {
    Peer node = node("stream");
    Served request = take();
    assertTrue(request.text().contains("\"stream\":true"));
    request.events();
    for (Sdk.Event event : sdk.events()) {
      request.chunk(event.sent() + "\n\n");
      if (event.seen() != null) assertEquals(event.seen(), node.line());
    }
    request.lastChunk().finish();
    assertEquals(List.of(), node.rest());
    assertEquals(0, node.exit());
  }

  @Test
  void seesEventsThatAreCutAnywhere() throws Exception {
    Peer node = node("accumulate");
    Served request = take();
    request.text();
    request.events();
    StringBuilder all = new StringBuilder();
    sdk.events().forEach(event -> all.append(event.sent()).append("\n\n"));
    for (int i = 0; i < all.length(); i += 7) {
      request.chunk(all.substring(i, Math.min(i + 7, all.length())));
    }
    request.lastChunk().finish();
    List<String> lines = node.rest();
    String texts = String.join("", lines.subList(0, lines.size() - 1)).replace("\"\"", "");
    assertEquals("\"" + sdk.text() + "\"", texts);
    String message = lines.get(lines.size() - 1);
    assertTrue(message.contains("\"" + sdk.text() + "\""), message);
  }

  @Test
  void anErrorOfTheApiKeepsItsBody() throws Exception {
    Peer node = node("create");
    Served request = take();
    request.text();
    request
        .answer(401, "application/json", sdk.refusal(), sdk.requestIdField() + ": req_test")
        .finish();
    String line = node.line();
    assertTrue(
        line.startsWith(
            "{\"error\":\"AuthenticationError\",\"status\":401,\"type\":\"application/json\","
                + "\"requestID\":\"req_test\""),
        line);
    assertTrue(line.contains(sdk.refusalText()), line);
  }

  @Test
  void aRefusedUpstreamIsAnErrorOfTheApi() throws Exception {
    String base = stage.uri("/refused" + sdk.base()).toString();
    Peer node = stage.start(NodeModules.command(sdk.script(), base, "create"));
    String line = node.line();
    assertTrue(
        line.startsWith(
            "{\"error\":\"InternalServerError\",\"status\":502,"
                + "\"type\":\"application/problem+json\""),
        line);
  }

  @Test
  void givingUpAStreamIsSeenByTheUpstreamAtOnce() throws Exception {
    Peer node = node("abort");
    Served request = take();
    request.text();
    Sdk.Event first = sdk.events().get(0);
    request.events().chunk(first.sent() + "\n\n");
    assertEquals(first.seen(), node.line());
    assertEquals("\"aborting\"", node.line());
    long left = System.nanoTime();
    request.awaitClose();
    Times.assertAtOnce(left);
    request.finish();
    assertEquals("\"ended\"", node.line());
    assertEquals(Outcome.CLIENT_GONE, stage.witness().summary().outcome());
  }

  @Test
  void givingUpBeforeTheAnswerIsSeenByTheUpstreamAtOnce() throws Exception {
    Peer node = node("abortWhenTold");
    Served request = take();
    request.text();
    node.input().write('\n');
    node.input().flush();
    assertEquals("\"aborting\"", node.line());
    long left = System.nanoTime();
    request.awaitClose();
    Times.assertAtOnce(left);
    request.finish();
    assertTrue(node.line().startsWith("{\"error\":\"APIUserAbortError\""));
    assertEquals(Outcome.CLIENT_GONE, stage.witness().summary().outcome());
  }

  private Peer node(String command) throws Exception {
    return stage.start(
        NodeModules.command(sdk.script(), stage.uri(sdk.base()).toString(), command));
  }

  private Served take() throws Exception {
    Served request = stage.upstream().take();
    assertEquals("POST", request.method());
    assertEquals(sdk.path(), request.target());
    assertEquals("Bearer key-of-the-test", request.field("Authorization"));
    String agent = request.field("User-Agent");
    assertTrue(agent.startsWith(sdk.agent()), agent);
    assertEquals("verify/1.0", request.field("X-Headgate-CLI"));
    return request;
  }
}
