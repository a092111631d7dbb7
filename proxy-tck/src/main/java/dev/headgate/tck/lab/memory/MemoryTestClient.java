package dev.headgate.tck.lab.memory;

import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.memory.MemoryCall;
import dev.headgate.tck.memory.MemoryClient;
import dev.headgate.tck.memory.MemoryEngine;
import dev.headgate.tck.memory.MemoryRequest;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.opentest4j.TestAbortedException;

/** A client over a {@link MemoryClient}. */
final class MemoryTestClient implements TestClient {
  private final MemoryEngine engine;
  private final MemoryClient client;
  private final EventLog log;

  MemoryTestClient(MemoryEngine engine, MemoryClient client, EventLog log) {
    this.engine = engine;
    this.client = client;
    this.log = log;
  }

  @Override
  public ClientExchange send(String method, String target, String... headers) {
    return open(method, target, false, headers);
  }

  @Override
  public ClientExchange stream(String method, String target, String... headers) {
    return open(method, target, true, headers);
  }

  private ClientExchange open(String method, String target, boolean body, String... headers) {
    MemoryRequest request = client.request(method, target);
    boolean hasBody = body;
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
      if (headers[i].equalsIgnoreCase("Host")) request.withoutHost();
      if (headers[i].equalsIgnoreCase("Content-Length")) hasBody = true;
    }
    if (body) request.withBody();
    if (!client.isOpen()) throw new BrokenConnectionError("client", "send " + method, null);
    log.add("client", method + " " + target);
    AtomicReference<MemoryCall> call = new AtomicReference<>();
    // Paused before anything can have come.
    engine.together(
        () -> {
          MemoryCall opened = request.open();
          opened.response().pause();
          call.set(opened);
        });
    return new MemoryTestExchange(engine, Objects.requireNonNull(call.get()), hasBody, log);
  }

  @Override
  public ClientExchange raw(String text) {
    throw new TestAbortedException("not supported: raw bytes without sockets");
  }

  @Override
  public void awaitClosed() {
    client.awaitClosed();
  }

  @Override
  public void close() {
    client.close();
  }
}
