package dev.headgate.tck.lab.memory;

import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Dialogue;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.Head;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TunnelEnd;
import dev.headgate.tck.memory.BodyEnding;
import dev.headgate.tck.memory.MemoryCall;
import dev.headgate.tck.memory.MemoryEngine;
import dev.headgate.tck.memory.MemoryHead;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.opentest4j.TestAbortedException;

/** An exchange over a {@link MemoryCall}. */
final class MemoryTestExchange extends Dialogue<MemoryReader, MemoryWriter>
    implements ClientExchange {
  private static final String WHO = "client";

  private final MemoryCall call;
  private final EventLog log;
  private int interims;

  MemoryTestExchange(MemoryEngine engine, MemoryCall call, boolean hasBody, EventLog log) {
    super(
        new MemoryReader(engine, call.response(), WHO),
        hasBody ? new MemoryWriter(engine, call.body(), WHO) : null);
    this.call = call;
    this.log = log;
  }

  @Override
  public Head response() {
    call.response().allowHeads();
    try {
      return seen(call.awaitHead());
    } catch (AssertionError e) {
      if (call.response().ending() != BodyEnding.UNCLEAN) throw e;
      throw new BrokenConnectionError(WHO, "read a response's head", call.response().failure());
    }
  }

  @Override
  public Head awaitInterim() {
    call.response().allowHeads();
    return seen(call.awaitInterim(++interims));
  }

  @Override
  public List<Head> interims() {
    return call.interims().stream().map(MemoryTestExchange::head).toList();
  }

  private Head seen(MemoryHead head) {
    log.add(WHO, "head " + head.status());
    return head(head);
  }

  private static Head head(MemoryHead head) {
    return new Head(head.status(), head.headers());
  }

  @Override
  public TunnelEnd tunnel() {
    throw new TestAbortedException("not supported: tunnels");
  }

  @Override
  public TestClient secure(SSLContext context, String authority) {
    throw new TestAbortedException("not supported: TLS in tunnels");
  }

  @Override
  public void vanish() {
    log.add(WHO, "vanishes");
    call.abort();
  }
}
