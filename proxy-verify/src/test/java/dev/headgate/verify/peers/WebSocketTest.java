package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** WebSocket through a reverse proxy: a server and clients of others. */
class WebSocketTest {
  @BeforeAll
  static void needsNode() throws Exception {
    NodeModules.prepare();
  }

  /** Puts whole texts, and the end, into a queue. */
  private static final class Listener implements WebSocket.Listener {
    final BlockingQueue<Optional<String>> texts = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(Optional.of(text.toString()));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      texts.add(Optional.of("closed " + code));
      return null;
    }
  }

  @Test
  void talksToAServerOnNode() throws Exception {
    try (Peer node = new Peer(NodeModules.command("ws.mjs"))) {
      String server = "http://127.0.0.1:" + node.line();
      try (Proxy proxy = Proxy.builder().route("/**", server).start()) {
        // Node's own client, three times.
        for (int i = 0; i < 3; i++) {
          write(node, "ws://127.0.0.1:" + proxy.port());
          assertEquals("4001 enough", node.line());
        }
        talkFromJava(proxy);
        write(node, "end");
        assertEquals(0, node.exit());
      }
    }
  }

  private static void talkFromJava(Proxy proxy) throws Exception {
    Listener listener = new Listener();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + proxy.port() + "/java"), listener)
            .get(Waiting.CEILING.toSeconds(), TimeUnit.SECONDS);
    assertEquals("hello /java", next(listener));
    String large = "0123456789".repeat(50_000);
    for (String text : new String[] {"one", "two", large}) {
      socket.sendText(text, true).get(Waiting.CEILING.toSeconds(), TimeUnit.SECONDS);
      assertEquals(text, next(listener));
    }
    socket.sendClose(1000, "done").get(Waiting.CEILING.toSeconds(), TimeUnit.SECONDS);
    assertEquals("closed 1000", next(listener));
  }

  private static String next(Listener listener) throws InterruptedException {
    return Waiting.next(listener.texts, "a message").orElseThrow();
  }

  private static void write(Peer peer, String line) throws Exception {
    peer.input().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    peer.input().flush();
  }
}
