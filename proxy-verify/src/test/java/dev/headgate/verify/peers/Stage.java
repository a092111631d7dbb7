package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An upstream, a proxy in front of it, and the programs that a test starts. After each test all
 * exchanges have ended, each as often as it began, and nothing went wrong unseen.
 *
 * <p>Paths below {@code /refused} lead to a port that refuses connections.
 */
final class Stage implements BeforeEachCallback, AfterEachCallback {
  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final List<Peer> peers = new ArrayList<>();
  private Thread.UncaughtExceptionHandler handlerBefore;
  private Upstream upstream;
  private Socket refusing;
  private Witness witness;
  private Proxy proxy;

  Upstream upstream() {
    return upstream;
  }

  Witness witness() {
    return witness;
  }

  /** Returns where a path is found at the proxy. */
  URI uri(String path) {
    return proxy.uri().resolve(path);
  }

  /** Starts a program; it is gone after the test. */
  Peer start(List<String> command) throws Exception {
    Peer peer = new Peer(command);
    peers.add(peer);
    return peer;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
    upstream = new Upstream();
    // Bound and not listening: whoever connects is refused, and nobody else can get the port.
    refusing = new Socket();
    refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    witness = new Witness();
    proxy =
        Proxy.builder()
            .route("/**", upstream.url())
            .route("/refused/**", "http://127.0.0.1:" + refusing.getLocalPort())
            .plugin(HeaderInjectionPlugin.builder().cli("verify", "1.0").build())
            .plugin(witness)
            .start();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    try {
      for (Peer peer : peers) peer.close();
      proxy.stop(Duration.ofSeconds(10));
      if (context.getExecutionException().isEmpty()) check();
    } finally {
      if (context.getExecutionException().isPresent()) print();
      upstream.close();
      refusing.close();
      Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
    }
  }

  private void check() {
    String log = String.join("\n", witness.notes());
    assertEquals(List.of(), List.copyOf(uncaught), log);
    assertEquals(List.of(), upstream.failures(), log);
    assertEquals(0, proxy.inFlight(), log);
    assertEquals(witness.begun(), witness.ended(), log);
  }

  private void print() {
    System.err.println("what the proxy saw:");
    witness.notes().forEach(note -> System.err.println("  " + note));
    upstream.failures().forEach(failure -> System.err.println("at the upstream: " + failure));
    uncaught.forEach(failure -> System.err.println("uncaught: " + failure));
    peers.forEach(peer -> System.err.println(peer.describe()));
  }
}
